import { RequestError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import { isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { redirect } from "../web/responses.ts";
import type { ReturnPath } from "../web/return-path.ts";
import { answerAhead } from "./answer-ahead.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { requestedReturnTo } from "./login-route.ts";

/**
 * Answers the refresh route, over which a page goes that needs a token and cannot set cookies: renews what is due, or what
 * an API refused, and leads back. A link from anywhere may lead here, because it does what the next request would have done.
 */
export async function refreshRoute<Data>(settings: Settings<Data>, handle: Handle<Data>): Promise<Response> {
  const { request } = handle;
  if (isPrefetch(request)) return answerAhead(request);
  if (isPartOfPage(request)) {
    const error = new RequestError("A refresh is a page on its way, not a part of one.", {
      code: "not_a_navigation",
      status: 403,
      hint: "Redirect the page there, with `returnTo`; a fetch to a guarded route refreshes by itself.",
    });
    return errorAnswer(settings, request, error, { page: false });
  }
  const refused = readQuery(request.url).getAll("refused");
  const setCookies = await handle.pass(refused.length === 1 ? (refused[0] ?? null) : null);
  return redirect(303, requestedReturnTo(settings, request), setCookies);
}

/** The path of the refresh route, and back to where the person was; `refused` is the fingerprint of a token that an API refused. */
export function refreshPath<Data>(
  { basePath, authPath }: Settings<Data>,
  returnTo: ReturnPath,
  refused: string | null,
): string {
  const parameters = [`returnTo=${encodeURIComponent(returnTo)}`, ...(refused === null ? [] : [`refused=${refused}`])];
  return `${basePath}${authPath}/refresh?${parameters.join("&")}`;
}
