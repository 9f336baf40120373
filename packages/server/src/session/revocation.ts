import { revocableToken, revokeToken, type Tokens } from "@pixy/core";
import { type Recalled, type RememberedProvider, recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { andThen } from "../web/maybe-promise.ts";

/** What is revoked: the grant of a session, or of a login that came to none. */
export interface Revoked extends RememberedProvider {
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly view?: { readonly id: string };
}

/**
 * Revokes the refresh token of an ended session where the provider has an endpoint for it. The person is
 * not kept waiting, and a failure is told, not thrown: the session is gone on our side all the same.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2.1 RFC 7009 section 2.1}
 */
export function revokeQuietly<Data>(
  settings: Settings<Data>,
  session: Revoked,
  keepAlive?: (promise: Promise<unknown>) => void,
): void {
  const { tokens, view } = session;
  const failed = (error: unknown) => settings.emit({ type: "revocation.failed", session: view?.id ?? null, error });
  const revoke = ({ way, provider }: Recalled): Promise<void> | undefined => {
    const revocable = revocableToken(provider, tokens);
    if (revocable === null) return undefined;
    const { token, kind } = revocable;
    return revokeToken(way.client(provider, session.clientId), token, { fetch: settings.fetch, kind });
  };
  try {
    const revocation = andThen(recall(settings, session, keepAlive), revoke);
    if (!(revocation instanceof Promise)) return;
    const told = revocation.catch(failed);
    keepAlive?.(told);
  } catch (error) {
    failed(error);
  }
}
