import { RequestError } from "../errors.ts";
import type { Logins } from "../login/logins.ts";
import type { Settings } from "../settings/settings.ts";
import { isFormOf } from "../web/chunked-cookie.ts";
import { readCookies } from "../web/cookies.ts";
import { isPrefetch, isSameOrigin } from "../web/incoming-request.ts";
import { redirect } from "../web/responses.ts";
import { answerAhead } from "./answer-ahead.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { logOut } from "./log-out.ts";
import { createPasses } from "./passes.ts";

/** Answers the logout route: only a form of our own origin ends a session, decided before the session is read. */
export async function logoutRoute<Data>(
  settings: Settings<Data>,
  logins: Logins,
  handle: Handle<Data>,
): Promise<Response> {
  const { request } = handle;
  if (isPrefetch(request)) return answerAhead(request);
  const present = readCookies(request.header("cookie"), settings.cookies.session);
  const isOwn = isSameOrigin(request, settings.baseUrl.origin);
  // Nobody is logged in, whatever else this browser has of ours.
  if (!present.some(({ name }) => isFormOf(settings.cookies.session, name)))
    return redirect(303, settings.afterLogout, isOwn ? logins.clear(present) : []);
  if (!isOwn) {
    const error = new RequestError("A logout has to come from a page of this app.", {
      code: "cross_site_request",
      status: 403,
      hint: `Send the form from ${settings.baseUrl.origin}, or set Origin to it.`,
    });
    return errorAnswer(settings, request, error, { page: false });
  }
  const { isOurs, location } = await logOut(settings, handle);
  return redirect(303, location, isOurs ? [...logins.clear(present), ...createPasses(settings).clear(present)] : []);
}
