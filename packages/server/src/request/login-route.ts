import { loginRequired, notFound, RequestError } from "../errors.ts";
import { locationRoom, type StartLogin } from "../login/start-login.ts";
import { routesBeside } from "../settings/redirect-uri.ts";
import type { Settings } from "../settings/settings.ts";
import { type IncomingRequest, isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { redirect } from "../web/responses.ts";
import { type ReturnPath, readReturnPath } from "../web/return-path.ts";
import { answerAhead } from "./answer-ahead.ts";
import { choicePage } from "./choice.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { loginUrlOf } from "./login-url.ts";
import { canonicalLocation } from "./origin.ts";
import { wantedOf } from "./step-up.ts";

/**
 * Answers the login route, which takes `returnTo`, with several providers `provider`, `ask` for a page before the login, a
 * `scope` that the app itself has sealed, and nothing else from the outside.
 */
export async function loginRoute<Data>(
  settings: Settings<Data>,
  start: StartLogin,
  handle: Handle<Data>,
): Promise<Response> {
  const { request } = handle;
  if (isPrefetch(request)) return answerAhead(request);
  if (isPartOfPage(request)) {
    // An image or a frame on somebody's page must not fill this browser with logins.
    const error = new RequestError("A login is a page, not a part of one.", {
      code: "not_a_navigation",
      status: 403,
      hint: "Open the login route with a link or a redirect, not with fetch, an image or a frame.",
    });
    return errorAnswer(settings, request, error, { page: false });
  }
  const elsewhere = canonicalLocation(settings, request, locationRoom);
  if (elsewhere !== null) return redirect(302, elsewhere);
  const returnTo = requestedReturnTo(settings, request);
  try {
    const provider = requestedProvider(settings, request);
    if (readQuery(request.url).has("ask")) {
      const options = { page: true, loginUrl: loginUrlOf(settings, { provider, returnTo }) };
      return errorAnswer(settings, request, loginRequired(), options);
    }
    if (provider === null) return choicePage(settings, request, returnTo);
    const wanted = await wantedOf(settings, handle, provider ?? null);
    return await start(request, { ...wanted, provider, returnTo }, handle.keepAlive);
  } catch (error) {
    if (!RequestError.isInstance(error)) throw error;
    // No login began.
    if (error.code !== "not_found") settings.emit({ type: "login.failed", code: error.code, error });
    return errorAnswer(settings, request, error);
  }
}

/**
 * The key of the provider that a request asks for; `null` where one is to be chosen, `undefined` where there is only one.
 *
 * @throws RequestError `not_found` for a key that the app does not have
 */
function requestedProvider<Data>(settings: Settings<Data>, request: IncomingRequest): string | null | undefined {
  const [{ key: only }] = settings.ways;
  if (only === null) return undefined;
  const wanted = readQuery(request.url).getAll("provider");
  if (wanted.length === 0) return null;
  const [key = ""] = wanted;
  if (wanted.length === 1 && settings.way(key) !== undefined) return key;
  throw notFound("login", "Set `provider` to a key of the option `providers`, or leave it out: then people choose.");
}

/** The path that a request asks to return to, if it is one of this app and none of our own routes. */
export function requestedReturnTo<Data>(settings: Settings<Data>, request: IncomingRequest): ReturnPath {
  const wanted = readQuery(request.url).getAll("returnTo");
  const { basePath, authPath, ways } = settings;
  const own = [...routesBeside, "callback"].map((route) => `${basePath}${authPath}/${route}`);
  const [only] = wanted;
  const safe =
    wanted.length === 1
      ? readReturnPath(only, settings.baseUrl, [...own, ...ways.map((way) => `${basePath}${way.callbackPath}`)])
      : null;
  return safe ?? settings.homeUrl;
}
