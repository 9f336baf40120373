import type { Tokens } from "@pixy/core";
import type { RefreshOutcome } from "@pixy/grants";
import {
  loginRequired,
  providerMisconfigured,
  providerUnavailable,
  type RequestError,
  reauthRequired,
  refreshNeeded,
} from "../errors.ts";
import { type Found, nobody } from "../session/found.ts";
import type { OpenSession } from "../session/session.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Settings } from "../settings/settings.ts";

/** What one request wants of a refresh, and what its answer can carry. */
export interface RefreshWish {
  /** The API has refused the access token before its time. */
  readonly isRefused: boolean;
  /** Whether the answer can give the browser a new cookie. */
  readonly canGiveCookie: boolean;
  readonly waitUntil?: KeepAlive | undefined;
}

/** What a refresh makes of a request's login, and the tokens that work now, or the error that says why none do. */
export interface Refreshed<Data> {
  readonly found: Found<Data>;
  readonly result: Tokens | RequestError;
}

/** Refreshes what a request has found, or leaves it where that fails and the token still works. */
export async function refreshFound<Data>(
  settings: Settings<Data>,
  sessions: Sessions<Data>,
  found: Found<Data>,
  session: OpenSession<Data>,
  wish: RefreshWish,
  isRepeated = false,
): Promise<Refreshed<Data>> {
  const { now, basePath, authPath } = settings;
  const { refreshNeedsCookie } = sessions;
  const stillWorks = !wish.isRefused && now() < session.tokenExpiresAt;
  if (session.tokens.refreshToken === null) {
    return stillWorks ? { found, result: session.tokens } : endUnrefreshable(settings, sessions, session);
  }
  if (refreshNeedsCookie && !wish.canGiveCookie) {
    // A new token that cannot be given to the browser would be lost, and a rotating provider's old one with it.
    return { found, result: stillWorks ? session.tokens : refreshNeeded(`${basePath}${authPath}/refresh`) };
  }
  const outcome = await sessions.refresh(session, wish.waitUntil, wish.isRefused);
  if (outcome.outcome !== "refreshed") {
    const failed = afterFailure(found, outcome);
    const isKept = failed.found.session !== null;
    return stillWorks && isKept ? { ...failed, result: session.tokens } : failed;
  }
  const newer = outcome.session;
  const renewed = { ...found, session: newer, renew: refreshNeedsCookie, reauthNeeded: false };
  // What another worker wrote while this request was slow may have expired since.
  // And a change of the data may be all that is newer.
  const isRefused = wish.isRefused && newer.tokens.accessToken === session.tokens.accessToken;
  return (isRefused || now() >= newer.tokenExpiresAt) && !isRepeated
    ? refreshFound(settings, sessions, renewed, newer, { ...wish, isRefused }, true)
    : { found: renewed, result: newer.tokens };
}

function afterFailure<Data>(
  found: Found<Data>,
  failure: Exclude<RefreshOutcome<OpenSession<Data>>, { readonly outcome: "refreshed" }>,
): { readonly found: Found<Data>; readonly result: RequestError } {
  switch (failure.outcome) {
    case "ended":
      // Whoever deleted the session while we held it has told the browser, and its cookie may be a new login's by now.
      if (failure.reason === "gone") return { found: nobody, result: loginRequired() };
      return { found: { ...nobody, clear: true, ended: true }, result: reauthRequired("ended", failure.cause) };
    case "refused":
      return { found: { ...found, reauthNeeded: true }, result: reauthRequired("refused", failure.cause) };
    case "misconfigured":
      return { found, result: providerMisconfigured(failure.wait, failure.cause) };
    default:
      return { found, result: providerUnavailable(failure.wait, failure.cause) };
  }
}

/** The provider gave no refresh token, so the login ends with its access token. */
async function endUnrefreshable<Data>(
  { emit }: Settings<Data>,
  sessions: Sessions<Data>,
  session: OpenSession<Data>,
): Promise<Refreshed<Data>> {
  await sessions.delete(session);
  emit({ type: "session.ended", session: session.view.id, reason: "refused" });
  return { found: { ...nobody, clear: true, ended: true }, result: reauthRequired("no refresh token") };
}
