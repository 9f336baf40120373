import {
  CallbackError,
  type Claims,
  ConfigurationError,
  exchangeCode,
  generateState,
  readCallback,
  readState,
  type Tokens,
} from "@pixy/core";
import { RequestError, type RequestErrorCode } from "../errors.ts";
import type { PendingLogin, PendingLogins } from "../login/attempts.ts";
import { callbackFailure, callbackRefusal, withoutState } from "../login/callback-error.ts";
import type { ConsumedLogins } from "../login/consumed-logins.ts";
import { type Exchanges, isUnspent } from "../login/exchanges.ts";
import type { FinishedLogins } from "../login/finished-logins.ts";
import { newLogin } from "../login/new-login.ts";
import type { IssuedSession, OpenSession } from "../session/session.ts";
import { sessionCookies } from "../session/session-cookie.ts";
import { readSessionData } from "../session/session-data.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Settings } from "../settings/settings.ts";
import { readCookies } from "../web/cookies.ts";
import { isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { empty, redirect } from "../web/responses.ts";
import { safeReturnTo } from "../web/return-path.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";

export interface CallbackParts<Data> {
  readonly settings: Settings<Data>;
  readonly sessions: Sessions<Data>;
  readonly pending: PendingLogins;
  readonly consumed: ConsumedLogins;
  readonly finished: FinishedLogins;
  readonly exchanges: Exchanges;
}

/**
 * Answers the callback: checks that this browser started this login, exchanges the code once, and replaces the session
 * whole, because nothing proves that it is the same person (RFC 6749 section 4.1.2).
 */
export async function callbackRoute<Data>(parts: CallbackParts<Data>, handle: Handle<Data>): Promise<Response> {
  const { settings, pending, consumed, finished, exchanges } = parts;
  const { request } = handle;
  const refuse = (code: RequestErrorCode, cause?: unknown) => failed(parts, handle, callbackRefusal(code, cause), []);
  // What asks ahead of a person must not spend the code.
  if (isPrefetch(request)) return empty(204);
  if (isPartOfPage(request)) return refuse("not_a_navigation");

  const parameters = readQuery(request.url);
  const state = readState(parameters);
  if (state === null) return refuse("callback_invalid", withoutState(parameters));
  const present = readCookies(request.header("cookie"), settings.cookies.session);
  const found = await pending.find(state, present);
  if ("problem" in found) {
    if (await consumed.has(state, present)) {
      return redirect(303, safeAgain(parts, (await finished.returnTo(state)) ?? settings.homeUrl));
    }
    return refuse(found.problem === "expired" ? "login_expired" : "login_not_found");
  }

  const { login } = found;
  const done = [...pending.forget(state), await consumed.add(state, present)];
  const client = settings.client(login.clientId);
  try {
    const callback = readCallback(client, parameters, { state: login.state });
    const issued = await finished.once(login, async () => {
      const { fetch, now } = settings;
      let claims: Claims | null = null;
      const onClaims = (checked: Claims) => {
        claims = checked;
      };
      const tokens = await exchanges.run(state, () =>
        exchangeCode(client, callback, login.verifier, {
          fetch,
          now,
          scope: login.scope,
          extra: login.extra,
          onClaims,
        }),
      );
      return parts.sessions.issue(await createSession(parts, login, tokens, claims));
    });
    await endPrevious(settings, handle, issued);
    return redirect(303, safeAgain(parts, login.returnTo), [...sessionCookies(settings, issued, present), ...done]);
  } catch (error) {
    if (CallbackError.isInstance(error)) {
      if (error.code !== "authorization_refused") return refuse("callback_invalid", error);
      // Somebody who clicks "Cancel" has done nothing wrong and goes back to the app.
      const reason = error.error ?? "authorization_refused";
      const description = error.errorDescription;
      settings.emit({ type: "login.refused", error: reason, ...(description === undefined ? {} : { description }) });
      return redirect(303, withError(safeAgain(parts, login.returnTo), reason), done);
    }
    const unspent = isUnspent(error);
    if (unspent) await finished.forget(login.state);
    return failed(parts, handle, callbackFailure(error), unspent ? [] : done, login);
  }
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
    await handle.end("replaced", successor);
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    settings.emit({ type: "session.end_failed", error });
  }
}

async function createSession<Data>(
  parts: CallbackParts<Data>,
  login: PendingLogin,
  tokens: Tokens,
  claims: Claims | null,
): Promise<OpenSession<Data>> {
  const { settings, sessions } = parts;
  let data: Data;
  try {
    data = readSessionData((await settings.onLogin?.(newLogin(settings, login.clientId, tokens, claims))) as Data);
  } catch (error) {
    const isNoJson = ConfigurationError.isInstance(error) && error.option === "data";
    throw new RequestError("The login could not be finished.", {
      code: "login_handler_failed",
      status: 503,
      hint: `${isNoJson ? `onLogin must return JSON: ${error.message}` : "onLogin threw."} See the cause. The person is not logged in.`,
      headers: { "retry-after": "1" },
      cause: error,
    });
  }
  const session = await sessions.create({
    id: generateState(),
    clientId: login.clientId,
    tokens,
    data,
    createdAt: settings.now(),
    asked: login.scope,
  });
  settings.emit({ type: "login.completed", session: session.view.id, scope: tokens.scope });
  warnOfNoRefreshToken(settings, tokens);
  return session;
}

const warned = new WeakSet<object>();

/** Says once, at the first login that shows it, that nobody will be logged in for longer than one access token. */
function warnOfNoRefreshToken<Data>(settings: Settings<Data>, { refreshToken, expiresIn }: Tokens): void {
  if (refreshToken !== null || expiresIn === null || warned.has(settings)) return;
  warned.add(settings);
  settings.emit({
    type: "set-up.warning",
    code: "no_refresh_token",
    message:
      `${settings.provider.name} gave an access token for ${expiresIn} seconds and no refresh token: each login ends with it. ` +
      "Some providers give one for the scope offline_access, others for prompt=consent or access_type=offline.",
  });
}

/** Checked when it came in, and again before it goes out: the place that redirects decides. */
function safeAgain<Data>(parts: CallbackParts<Data>, returnTo: string): string {
  return safeReturnTo(returnTo, parts.settings.baseUrl) ?? parts.settings.homeUrl;
}

function withError(path: string, reason: string): string {
  const [beforeFragment = "", ...fragment] = path.split("#");
  const separator = beforeFragment.includes("?") ? "&" : "?";
  const query = `auth_error=${encodeURIComponent(reason)}`;
  return [`${beforeFragment}${separator}${query}`, ...fragment].join("#");
}

async function failed<Data>(
  parts: CallbackParts<Data>,
  handle: Handle<Data>,
  error: RequestError,
  setCookies: readonly string[],
  login?: PendingLogin,
): Promise<Response> {
  const { settings } = parts;
  settings.emit({ type: "login.failed", code: error.code, error });
  const again = login ? `${settings.loginUrl}?returnTo=${encodeURIComponent(login.returnTo)}` : settings.loginUrl;
  const response = await errorAnswer(settings, handle.request, error, { page: true, loginUrl: again });
  for (const line of setCookies) response.headers.append("set-cookie", line);
  return response;
}
