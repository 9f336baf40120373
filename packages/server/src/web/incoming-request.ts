import { chunksOf, readForm } from "./read-form.ts";

/** What the decisions about a request need of it: a framework's own request is wrapped, never copied. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  /** Reads a header by its lower-case name; repeated headers are joined by ", " (`cookie` by "; "). */
  header(name: string): string | null;
  /**
   * Reads the body as a form, once; `null` for more than `longest` octets, and where somebody else has read it. Asked for by
   * a route of a provider's own and by a callback that is posted; absent where a framework has no way to.
   */
  form?(longest: number): Promise<URLSearchParams | null>;
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
    form: (longest) => readFormOf(request, longest),
  };
}

/** Reads the form of a web standard `Request`: see `IncomingRequest`. */
export async function readFormOf(request: Request, longest: number): Promise<URLSearchParams | null> {
  if (request.bodyUsed) return null;
  return request.body === null ? new URLSearchParams() : readForm(chunksOf(request.body), longest);
}

/** Tells whether a person's window waits for the answer to a GET: `becomesPage`, and nothing but a GET. */
export function isNavigation(request: IncomingRequest): boolean {
  return request.method === "GET" && becomesPage(request);
}

/**
 * Tells whether the answer becomes the page in a person's window, whatever the method: `Sec-Fetch-Mode: navigate` of a
 * document; without any Fetch Metadata, an `Accept` that contains `text/html`.
 */
export function becomesPage(request: IncomingRequest): boolean {
  if (fetchMetadata.every((name) => request.header(name) === null)) {
    return request.header("accept")?.toLowerCase().includes("text/html") ?? false;
  }
  return request.header("sec-fetch-mode") === "navigate" && !isPartOfPage(request);
}

/**
 * Tells whether the answer becomes a part of a page, such as an image or a frame. A service worker that passes a
 * navigation through sends `Sec-Fetch-Dest: empty` with it; a script's fetch cannot say `Sec-Fetch-Mode: navigate`.
 */
export function isPartOfPage(request: IncomingRequest): boolean {
  const destination = request.header("sec-fetch-dest");
  if (destination === null || destination === "document") return false;
  return destination !== "empty" || request.header("sec-fetch-mode") !== "navigate";
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

/**
 * Tells whether a page of `origin`, of a trusted origin, or the person sent the request: `Sec-Fetch-Site` is `same-origin` or `none`; where a
 * browser sends none, `Origin` is absent or `origin`. A trusted origin passes either way.
 */
export function isFromOwnSite(request: IncomingRequest, origin: string, trusted: readonly string[]): boolean {
  const site = request.header("sec-fetch-site");
  const from = request.header("origin");
  if (from !== null && trusted.includes(from)) return true;
  return site === null ? from === null || from === origin : site === "same-origin" || site === "none";
}

/** Tells whether the request becomes a WebSocket: runtimes differ in whether its answer can set cookies. */
export function isUpgrade(request: IncomingRequest): boolean {
  const protocols = request.header("upgrade");
  return protocols !== null && /\bwebsocket\b/i.test(protocols);
}

function pathAndQuery(url: string): string {
  const path = url.indexOf("/", url.indexOf("://") + 3);
  const fragment = url.indexOf("#");
  return url.slice(path, fragment === -1 ? undefined : fragment);
}
