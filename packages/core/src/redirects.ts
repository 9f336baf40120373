import { isLoopback } from "./endpoint.ts";
import { ResourceRequestError } from "./errors.ts";

/** One request of a chain of redirects. The access token is not among its headers: who sends it adds it where `trusted`. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: "none" | "repeatable" | "stream";
  /** Whether this hop and all before it are at an allowed origin. */
  readonly trusted: boolean;
  /** How many redirects led here, at most 5. */
  readonly redirects: number;
}

// What these say is about the body that is left behind (Fetch, "request-body-header name").
const ofBody = ["content-encoding", "content-language", "content-length", "content-location", "content-type"];
// Meant for one host, whoever else is trusted.
const ofHost = ["cookie", "host", "proxy-authorization"];
// They say what form the answer should have. No other is known to be harmless: any name may stand for an API key, and
// User-Agent often names a person to ask. If-Range belongs to Range, or a download is put together from two files.
const harmless = ["accept", "accept-encoding", "accept-language", "if-range", "range"];

/**
 * Says what becomes of an answer: the next request, null where the answer is handed through, or the error that refuses.
 *
 * | target                 | headers              | token | method and body  |
 * | ---------------------- | -------------------- | ----- | ---------------- |
 * | the same origin        | all                  | kept  | as fetch has it  |
 * | another allowed origin | all but a host's own | kept  | as fetch has it  |
 * | any other origin       | the harmless         | gone  | GET or HEAD only |
 *
 * The token stays gone when such a chain comes back: then a stranger has chosen what would be asked in the person's name.
 * Only https is followed; http on loopback, too, while the chain has been there all along. Fetch section 4.4, RFC 9110 section 15.4.
 */
export function nextHop(
  hop: Hop,
  { status, headers, type, redirected }: Pick<Response, "status" | "headers" | "type" | "redirected">,
  mode: RequestInit["redirect"],
  origins: ReadonlySet<string>,
): Hop | ResourceRequestError | null {
  const location = headers.get("Location");
  // Browsers hide a redirect that they do not follow; some other fetch may have followed it.
  const isHidden = redirected || type === "opaqueredirect";
  const isRedirect = isHidden || (location !== null && [301, 302, 303, 307, 308].includes(status));
  if (!isRedirect || mode === "manual") return null;
  const method = hop.method.toUpperCase();
  const isRead = method === "GET" || method === "HEAD";
  const becomesGet = status < 303 ? method === "POST" : status === 303 && !isRead;
  const url = location !== null && URL.canParse(location, hop.url) ? new URL(location, hop.url) : null;
  const trusted = hop.trusted && url !== null && origins.has(url.origin);
  const refusals: readonly [applies: unknown, reason: string][] = [
    [mode === "error", 'the request has redirect: "error"'],
    [isHidden, "this fetch does not show where it leads"],
    [hop.redirects === 5, "five were followed before"],
    [!url, "its Location is no URL"],
    [
      url?.protocol !== "https:" && !(url && isLoopback(url) && hop.url.protocol === "http:"),
      `it leads to ${url?.protocol} and not to https:`,
    ],
    [url?.username || url?.password, "its Location has a user name or a password"],
    [!trusted && !isRead && !becomesGet, `it takes a ${method} to another origin`],
    [hop.body === "stream" && !becomesGet, "it asks for a stream a second time"],
  ];
  const reason = refusals.find(([applies]) => applies)?.[1];
  if (reason || !url) {
    return new ResourceRequestError(`A redirect is not followed: ${reason}.`, {
      code: "redirect_refused",
      hint: 'Send the request to its final URL, or set redirect: "manual" and judge the Location yourself.',
    });
  }
  if (!url.hash) url.hash = hop.url.hash;
  const kept = [...hop.headers].filter(
    ([name]) =>
      !(becomesGet && ofBody.includes(name)) &&
      (trusted || harmless.includes(name)) &&
      (url.origin === hop.url.origin || !ofHost.includes(name)),
  );
  return {
    url,
    method: becomesGet ? "GET" : hop.method,
    headers: new Headers(kept),
    body: becomesGet ? "none" : hop.body,
    trusted,
    redirects: hop.redirects + 1,
  };
}
