import {
  type Auth,
  ConfigurationError,
  fromRequest,
  isPrefetch,
  type RequestContext,
  type RequestHandle,
} from "@pixy/server";
import { type NextFetchEvent, type NextRequest, NextResponse } from "next/server.js";
import { pathBeforeRewrite, pathHeader, pathOf, rewrittenFrom } from "./forwarded-path.ts";
import { withLines } from "./response.ts";

/** `proxy.ts` or `middleware.ts`: alone, or after another proxy, whose answer it is given and continues. */
export type PixyProxy = (request: NextRequest, last?: NextFetchEvent | Response) => Promise<Response>;

/**
 * Makes the faster way: refreshes before anything renders, which spares a page the way over the refresh route. Where
 * `isProtected`, it leads somebody who is not logged in to the login.
 */
export function createProxy<Data, Key extends string | null>(
  authOf: () => Auth<Data, Key>,
  isProtected: (path: string) => boolean = () => false,
): PixyProxy {
  return async function proxy(request, last) {
    const auth = authOf();
    refuseOnEdge(auth);
    const before = last instanceof Response ? last : NextResponse.next();
    const incoming = fromRequest(request);
    const path = pathBeforeRewrite(request.headers) ?? pathOf(incoming.url);
    if (before.headers.has("x-middleware-next") && isUnreadable(request.nextUrl.pathname, auth))
      return auth.handle(request);
    const handle = isAwaited(request) && auth.routeOf(incoming) === null ? auth.open(incoming, contextOf(last)) : null;
    // The page is not the proxy's to refuse. It renders, and who needs the token there gets the same error.
    await handle?.signedIn().catch(() => null);
    const cookie = handle?.forwardedCookieHeader() ?? null;
    if (handle !== null && continues(before) && isProtected(request.nextUrl.pathname)) {
      const refusal = await refusalOf(auth, handle, path);
      if (refusal !== null) return withLines(refusal, handle.takeResponseHeaders());
    }
    const target = before.headers.get("x-middleware-rewrite");
    // Another server's is not told this process' word.
    const isOurs = target !== null && new URL(target, request.url).origin === request.nextUrl.origin;
    const changes: Record<string, string> = isOurs ? rewrittenFrom(path) : { [pathHeader]: path };
    // A session that has ended is taken from the browser, not from this request: who answers it can still say that the
    // login has ended, and not merely that there is none.
    if (cookie !== null && (await handle?.session())) changes.cookie = cookie;
    // What was only read changes no answer, so a static page stays as cacheable as it was.
    const lines = handle && cookie !== null ? handle.takeResponseHeaders() : [];
    return withLines(forward(before, request.headers, changes), lines);
  };
}

/** The answer to whoever may not go on. Only here can it be 503: Next answers whatever a page throws with 500. */
async function refusalOf<Data, Key extends string | null>(
  auth: Auth<Data, Key>,
  handle: RequestHandle<Data, Key>,
  path: string,
): Promise<Response | null> {
  try {
    if ((await handle.signedIn()) !== null) return null;
  } catch (error) {
    return auth.errorResponse(error, handle);
  }
  auth.checkGuarded(path);
  return NextResponse.redirect(new URL(auth.loginPath(handle, path), auth.settings.baseUrl), 307);
}

/** Tells whether an answer of a proxy lets the request go on. */
function continues({ headers }: Response): boolean {
  return headers.has("x-middleware-next") || headers.has("x-middleware-rewrite");
}

/** Tells whether a path is below ours and Next cannot decode it: to whatever route it leads, Next answers it with 500. */
function isUnreadable<Data, Key extends string | null>(pathname: string, { settings }: Auth<Data, Key>): boolean {
  if (!pathname.startsWith(`${settings.authPath}/`)) return false;
  try {
    decodeURIComponent(pathname);
    return false;
  } catch {
    return true;
  }
}

const rendered: ReadonlySet<string | null> = new Set([null, "document", "empty", "iframe", "frame"]);

/**
 * Tells whether a person may wait for what is rendered. Next hides its own prefetch headers from the proxy, unless
 * `skipProxyUrlNormalize` is set: the `missing` of the matcher keeps those requests away.
 */
function isAwaited(request: NextRequest): boolean {
  const { method, headers } = request;
  if ((method !== "GET" && method !== "POST") || !rendered.has(headers.get("sec-fetch-dest"))) return false;
  if (request.nextUrl.pathname.startsWith("/_next/")) return false;
  // Every fetch of Next's router carries `RSC`, also the one after a click.
  return !isPrefetch({ ...fromRequest(request), header: (name) => (name === "rsc" ? null : headers.get(name)) });
}

const overridden = "x-middleware-override-headers";

/** Changes headers of the request that `response` continues; a response that ends the request stays as it is. */
function forward(response: Response, original: Headers, changes: Readonly<Record<string, string>>): Response {
  if (!continues(response)) return response;
  const headers = new Headers(original);
  const names = response.headers.get(overridden)?.split(",");
  if (names) {
    // Another proxy has changed the request's headers: what it left out stays out.
    for (const name of [...headers.keys()]) if (!names.includes(name)) headers.delete(name);
    for (const name of names) headers.set(name, response.headers.get(`x-middleware-request-${name}`) ?? "");
  }
  for (const [name, value] of Object.entries(changes)) headers.set(name, value);
  const copy = new Response(response.body, response);
  for (const [name, value] of NextResponse.next({ request: { headers } }).headers) {
    if (name !== "x-middleware-next") copy.headers.set(name, value);
  }
  return copy;
}

function contextOf(last: NextFetchEvent | Response | undefined): RequestContext {
  return last === undefined || last instanceof Response ? {} : { waitUntil: (promise) => last.waitUntil(promise) };
}

function refuseOnEdge<Data, Key extends string | null>({ settings: { store } }: Auth<Data, Key>): void {
  if (process.env.NEXT_RUNTIME !== "edge" || store === null) return;
  throw new ConfigurationError(`middleware.ts runs on the edge runtime, out of reach of the ${store.name} store.`, {
    code: "invalid_option",
    option: "store",
    hint: 'Run it on Node: as proxy.ts, or in Next 15 with runtime: "nodejs" in config. Or leave `store` out for cookies.',
  });
}
