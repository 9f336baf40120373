import { revokeToken } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import type { OpenSession } from "./session.ts";

/**
 * Revokes the refresh token of an ended session where the provider has an endpoint for it (RFC 7009). The person is
 * not kept waiting, and a failure is told, not thrown: the session is gone on our side all the same.
 */
export function revokeQuietly<Data>(
  settings: Settings<Data>,
  session: OpenSession<Data>,
  keepAlive?: (promise: Promise<unknown>) => void,
): void {
  const { tokens, view } = session;
  if (settings.provider.revocationEndpoint === undefined) return;
  const client = settings.client(session.clientId);
  const kind = tokens.refreshToken === null ? "access_token" : "refresh_token";
  const token = tokens.refreshToken ?? tokens.accessToken;
  const revocation = revokeToken(client, token, { fetch: settings.fetch, kind }).catch((error: unknown) =>
    settings.emit({ type: "revocation.failed", session: view.id, error }),
  );
  keepAlive?.(revocation);
}
