import type { OpenSession } from "../session/session.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import { recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { Handle } from "./handle.ts";

/** What a logout came to. */
export interface LoggedOut {
  /** Whether the browser's cookie was ours to end. */
  readonly isOurs: boolean;
  /** The app's page, or the provider's, which leads back there. */
  readonly location: string;
}

/**
 * Ends the session and tells where the browser goes on: to the provider, where it wants to end the login there, too.
 *
 * @throws RequestError `store_unavailable`
 */
export async function logOut<Data>(settings: Settings<Data>, handle: Handle<Data>): Promise<LoggedOut> {
  const { isOurs, last } = await handle.own.end("logout");
  const location = isOurs && last !== null ? await atProvider(settings, last, handle.keepAlive) : null;
  return { isOurs, location: location ?? settings.afterLogout };
}

/** A provider that is not to be had keeps nobody logged in here. */
async function atProvider<Data>(
  settings: Settings<Data>,
  session: OpenSession<Data>,
  keepAlive: KeepAlive | undefined,
): Promise<string | null> {
  const { clientId, tokens } = session;
  const returnTo = new URL(settings.afterLogout, settings.baseUrl).href;
  try {
    const { provider } = await recall(settings, session, keepAlive);
    return (await provider.logoutUri?.({ clientId, tokens, returnTo })) ?? null;
  } catch {
    return null;
  }
}
