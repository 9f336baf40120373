import { RequestError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import { isPartOfPage, isPrefetch } from "../web/incoming-request.ts";
import { readQuery } from "../web/query.ts";
import { redirect } from "../web/responses.ts";
import type { ReturnPath } from "../web/return-path.ts";
import type { SetCookie } from "../web/set-cookie.ts";
import { answerAhead } from "./answer-ahead.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { requestedReturnTo } from "./login-route.ts";
import { allowsPass, createPasses, fingerprintOf, passAfter } from "./passes.ts";

/**
 * Answers the refresh route, over which a page goes that needs a token and cannot set cookies: renews what is due, or what
 * an API refused, and leads back. A link from anywhere may lead here, because it does what the next request would have done.
 */
export async function refreshRoute<Data>(settings: Settings<Data>, handle: Handle<Data>): Promise<Response> {
  const { request } = handle;
  if (isPrefetch(request)) return answerAhead(request);
  if (isPartOfPage(request)) {
    const error = new RequestError("The refresh route is for pages, not parts of one.", {
      code: "not_a_navigation",
      status: 403,
      hint: "Redirect the page there, with `returnTo`. A fetch to a guarded route refreshes by itself.",
    });
    return errorAnswer(settings, request, error, { page: false });
  }
  const refused = readQuery(request.url).getAll("refused");
  const cookies = await passOver(handle, refused.length === 1 ? (refused[0] ?? null) : null);
  return redirect(303, requestedReturnTo(settings, request), cookies);
}

/**
 * Renews tokens that are due, or whose fingerprint is `refused`, unless the browser came for them a moment ago. Returns the
 * cookies that remember it.
 */
async function passOver<Data>(handle: Handle<Data>, refused: string | null): Promise<readonly SetCookie[]> {
  const session = await handle.opened();
  const { settings, cookieHeader } = handle.own;
  if (session === null) return [];
  const fingerprint = await fingerprintOf(session.tokens);
  const isRefused = refused === fingerprint;
  if (!isRefused && settings.now() < session.refreshDueAt) return [];
  const passes = createPasses(settings);
  const before = await passes.read(cookieHeader);
  if (!allowsPass(before, fingerprint, isRefused)) return [];
  const after = await passAfter(before, fingerprint, await handle.renewal.refresh(session, isRefused));
  return after === null ? [] : [await passes.write(after)];
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
