import { readState } from "@pixy/core";
import { RequestError } from "../errors.ts";
import type { Attempt } from "../login/attempt.ts";
import { callbackRefusal, withoutState } from "../login/callback-error.ts";
import { ScopeNeeded } from "../login/login-grant.ts";
import type { Logins } from "../login/logins.ts";
import type { IssuedSession } from "../session/session.ts";
import { sessionCookies } from "../session/session-cookie.ts";
import type { Settings } from "../settings/settings.ts";
import { readCookies } from "../web/cookies.ts";
import { isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { redirect } from "../web/responses.ts";
import { type SetCookie, setCookies } from "../web/set-cookie.ts";
import { answerAhead } from "./answer-ahead.ts";
import { finishConnect } from "./connect-route.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { loginUrlOf } from "./login-url.ts";
import { postedCallback } from "./posted-callback.ts";
import { wayOfCallback } from "./route.ts";
import { unfinishedCallback } from "./unfinished-callback.ts";

/**
 * Answers the callback: checks that this browser started this login, exchanges the code once, and replaces the session
 * whole, because nothing proves that it is the same person.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 */
export async function callbackRoute<Data>(
  settings: Settings<Data>,
  logins: Logins,
  handle: Handle<Data>,
): Promise<Response> {
  const { request } = handle;
  const way = wayOfCallback(settings, request);
  const key = way?.key ?? null;
  // What asks ahead of a person must not spend the code.
  if (isPrefetch(request)) return answerAhead(request);
  if (isPartOfPage(request)) return failed(settings, handle, callbackRefusal("not_a_navigation"));

  let parameters = readQuery(request.url);
  if (request.method === "POST" && way !== undefined) {
    try {
      const posted = await postedCallback(settings, handle, way);
      if (posted instanceof Response) return posted;
      parameters = posted;
    } catch (error) {
      if (!RequestError.isInstance(error) || error.code === "method_not_allowed") throw error;
      return failed(settings, handle, error);
    }
  }
  const state = readState(parameters);
  if (state === null) {
    return failed(settings, handle, callbackRefusal("callback_invalid", withoutState(parameters)));
  }
  const present = readCookies(request.header("cookie"), settings.cookies.session);
  const found = await logins.find(state, present, key);
  // The back button and a reload lead on.
  if ("spent" in found) return redirect(303, found.spent);
  if ("problem" in found) {
    const code = found.problem === "expired" ? "login_expired" : "login_not_found";
    return failed(settings, handle, callbackRefusal(code));
  }

  const { attempt } = found;
  if (attempt.owner !== null) return finishConnect(settings, logins, handle, { attempt, parameters, present });
  const done = await logins.spend(attempt, present);
  try {
    const issued = await logins.finish(attempt, parameters, handle);
    await endPrevious(settings, handle, issued);
    return redirect(303, attempt.returnTo, [...sessionCookies(settings, issued, present), ...done]);
  } catch (error) {
    const isOver = !(error instanceof ScopeNeeded);
    return isOver ? unfinished(error) : askAgain(logins, handle, attempt, error.scope, done).catch(unfinished);
  }

  function unfinished(error: unknown): Promise<Response> {
    return unfinishedCallback(settings, error, { attempt, done }, (failure, options) =>
      failed(settings, handle, failure, options),
    );
  }
}

/** Begins the same login once more, for all that its owner has granted before: fewer scopes replace no grant. */
async function askAgain<Data>(
  logins: Logins,
  { request, keepAlive }: Handle<Data>,
  { provider, clientId, returnTo }: Attempt,
  scope: readonly string[],
  done: readonly SetCookie[],
): Promise<Response> {
  const wish = { scope, clientId, returnTo, ...(provider === null ? {} : { provider }) };
  const response = await logins.start(request, wish, keepAlive);
  setCookies(response.headers, done);
  return response;
}

/**
 * Ends the session that this browser had. Where the store is away at that moment the login stands all the same: its
 * code is spent, and the cookie of before is overwritten.
 */
async function endPrevious<Data>(
  settings: Settings<Data>,
  handle: Handle<Data>,
  successor: IssuedSession,
): Promise<void> {
  try {
    await handle.own.end("replaced", successor);
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    settings.emit({ type: "session.end_failed", error });
  }
}

/** The page of a login that failed; it leads to a new one, which goes where the attempt was to go. */
async function failed<Data>(
  settings: Settings<Data>,
  { request }: Handle<Data>,
  error: RequestError,
  { attempt, cookies = [] }: { readonly attempt?: Attempt; readonly cookies?: readonly SetCookie[] } = {},
): Promise<Response> {
  const { code, reason } = error;
  settings.emit(
    reason === undefined ? { type: "login.failed", code, error } : { type: "login.refused", by: "app", error: reason },
  );
  const loginUrl = loginUrlOf(settings, attempt);
  const response = await errorAnswer(settings, request, error, { page: true, loginUrl });
  setCookies(response.headers, cookies);
  return response;
}
