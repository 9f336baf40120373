/** What the decisions about a request need of it: a framework's own request is wrapped, never copied. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Reads a header by its lower-case name; repeated headers are joined by ", " (`cookie` by "; "). */
  header(name: string): string | null;
}

const fetchMetadata = ["sec-fetch-mode", "sec-fetch-dest", "sec-fetch-site", "sec-fetch-user"] as const;

// Safari says "preview" in X-Purpose, Firefox "prefetch" in X-Moz, Chromium "prefetch;prerender" in Sec-Purpose.
const purposeHeaders = ["sec-purpose", "purpose", "x-purpose", "x-moz"] as const;
const speculative = /prefetch|prerender|preview/i;

// Next's client fetches with these whether or not a person will see the answer; what cannot become a page must not
// start a login either: `RSC` is on every one of its fetches, and Next reloads the page itself when the answer is none.
const routerHeaders = ["next-router-prefetch", "next-router-segment-prefetch", "x-middleware-prefetch", "rsc"] as const;

/** Wraps a web standard `Request`. */
export function fromRequest(request: Request): IncomingRequest {
  return {
    method: request.method,
    url: pathAndQuery(request.url),
    header: (name) => request.headers.get(name),
  };
}

/**
 * Tells whether the answer becomes the page in a person's window: a GET with `Sec-Fetch-Mode: navigate` and
 * `Sec-Fetch-Dest: document`; without any Fetch Metadata, a GET whose `Accept` contains `text/html`.
 */
export function isNavigation(request: IncomingRequest): boolean {
  if (request.method !== "GET") return false;
  if (fetchMetadata.every((name) => request.header(name) === null)) {
    return request.header("accept")?.toLowerCase().includes("text/html") ?? false;
  }
  return request.header("sec-fetch-mode") === "navigate" && request.header("sec-fetch-dest") === "document";
}

/** Tells whether a browser or a router asks ahead of a person: such a request must neither set cookies nor consume anything. */
export function isPrefetch(request: IncomingRequest): boolean {
  return (
    purposeHeaders.some((name) => speculative.test(request.header(name) ?? "")) ||
    routerHeaders.some((name) => request.header(name) !== null)
  );
}

/**
 * Tells whether a page of `origin` sent the request: `Sec-Fetch-Site` is exactly `same-origin`, or, where a browser
 * sends none, `Origin` is exactly `origin`. A request with neither header is not.
 */
export function isSameOrigin(request: IncomingRequest, origin: string): boolean {
  const site = request.header("sec-fetch-site");
  return site === null ? request.header("origin") === origin : site === "same-origin";
}

function pathAndQuery(url: string): string {
  const path = url.indexOf("/", url.indexOf("://") + 3);
  const fragment = url.indexOf("#");
  return url.slice(path, fragment === -1 ? undefined : fragment);
}
