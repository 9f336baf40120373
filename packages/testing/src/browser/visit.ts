import type { BrowserJar } from "./cookie-jar.ts";
import { fetchMetadata, type Purpose, type Site, siteOf } from "./fetch-metadata.ts";
import type { IncomingResponse, OutgoingRequest } from "./http-transport.ts";

/** One request and its answer. */
export interface Hop {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly status: number;
  readonly headers: Headers;
  readonly setCookies: readonly string[];
}

/** What a request led to, after the redirects that were followed. */
export interface Page extends Hop {
  readonly body: string;
  /** Every request on the way, the last one included. */
  readonly hops: readonly Hop[];
  json(): unknown;
}

export interface VisitOptions {
  /** Whether redirects are followed, up to 20; true, unless given. */
  readonly follow?: boolean;
  /** Headers that replace the browser's own; an empty value removes one. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a browser sets out to do. */
export interface Visit {
  readonly method: string;
  readonly purpose: Purpose;
  /** The URL of the page that asks; null when a person does. */
  readonly initiator: string | null;
  /** The value of Origin, for the requests that carry one. */
  readonly origin: string | null;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: "same-origin" | "include" | "omit";
  readonly options: VisitOptions;
}

const largestChain = 20;

/** Sends a request and follows its redirects as a browser does (Fetch §4.4). */
export async function follow(
  target: URL,
  visit: Visit,
  jar: BrowserJar,
  send: (request: OutgoingRequest) => Promise<IncomingResponse>,
): Promise<Page> {
  const chain: URL[] = [];
  const hops: Hop[] = [];
  const { purpose, options } = visit;
  let { method, body, origin } = visit;
  let url = target;
  for (;;) {
    chain.push(url);
    if (chain.length > largestChain + 1)
      throw new Error(`More than ${largestChain} redirects, the last to ${url.href}.`);
    const site = siteOf(visit.initiator, chain);
    const context = { site, isNavigation: purpose.mode === "navigate", method };
    const carriesCookies =
      visit.credentials === "include" || (visit.credentials === "same-origin" && site === "same-origin");
    const cookie = carriesCookies ? await jar.header(url, context) : null;
    const headers = withoutEmpty({
      "user-agent": "Mozilla/5.0 (compatible; pixy-testing)",
      "accept-encoding": "identity",
      ...fetchMetadata(url, site, purpose),
      ...(origin !== null && carriesOrigin(purpose, method, site) ? { origin } : {}),
      ...visit.headers,
      // A redirect that turns a POST into a GET drops what describes the body.
      ...(body === null ? { "content-type": "" } : { "content-length": String(Buffer.byteLength(body)) }),
      ...(cookie === null ? {} : { cookie }),
      ...inLowerCase(options.headers ?? {}),
    });
    const response = await send({ method, url, headers, body, signal: options.signal });
    const { status } = response;
    const setCookies = response.headers.getSetCookie();
    if (carriesCookies) await jar.store(setCookies, url, context);
    const hop: Hop = { method, url: url.href, requestHeaders: headers, status, headers: response.headers, setCookies };
    hops.push(hop);
    if (!isRedirect(hop) || options.follow === false) {
      return { ...hop, body: response.body, hops, json: () => JSON.parse(response.body) as unknown };
    }
    const next = new URL(hop.headers.get("location") ?? "", url);
    if (next.hash === "") next.hash = url.hash;
    if (hop.status !== 307 && hop.status !== 308) {
      method = method === "HEAD" ? "HEAD" : "GET";
      body = null;
    }
    // The Origin of a request that a foreign origin sends on to yet another is "null".
    if (origin !== null && next.origin !== url.origin && url.origin !== origin) origin = "null";
    url = next;
  }
}

export function isRedirect({ status, headers }: Pick<Hop, "status" | "headers">): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has("location");
}

/** A form's POST names its origin, and so does a script's request, unless it only reads its own origin (Fetch §3.1). */
function carriesOrigin({ mode }: Purpose, method: string, site: Site): boolean {
  const reads = method === "GET" || method === "HEAD";
  return !reads || (mode === "cors" && site !== "same-origin");
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function withoutEmpty(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
}
