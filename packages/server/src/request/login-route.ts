import { RequestError } from "../errors.ts";
import { locationRoom, type StartLogin } from "../login/start-login.ts";
import type { Settings } from "../settings/settings.ts";
import { type IncomingRequest, isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { empty, redirect } from "../web/responses.ts";
import { safeReturnTo } from "../web/return-path.ts";
import { errorAnswer } from "./error-answer.ts";
import { canonicalLocation } from "./origin.ts";

/** Answers the login route, which takes `returnTo` and nothing else from the outside. */
export async function loginRoute<Data>(
  settings: Settings<Data>,
  start: StartLogin,
  request: IncomingRequest,
): Promise<Response> {
  if (isPrefetch(request)) return empty(204);
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
  return start(request, { returnTo: requestedReturnTo(settings, request) });
}

/** The path that a request asks to return to, if it is one of this app and none of our own routes. */
export function requestedReturnTo<Data>(settings: Settings<Data>, request: IncomingRequest): string {
  const wanted = readQuery(request.url).getAll("returnTo");
  const { basePath, authPath, callbackPath } = settings;
  const own = ["login", "callback", "logout", "session"].map((route) => `${basePath}${authPath}/${route}`);
  const [only] = wanted;
  const safe =
    wanted.length === 1 ? safeReturnTo(only, settings.baseUrl, [...own, `${basePath}${callbackPath}`]) : null;
  return safe ?? settings.homeUrl;
}
