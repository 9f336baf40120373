import type { Authenticator } from "./authenticator.ts";
import { withDeadline } from "./deadline.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError, ResourceRequestError } from "./errors.ts";
import { type Hop, nextHop } from "./redirects.ts";
import { discardBody } from "./response-body.ts";
import { readRetryAfter } from "./retry-after.ts";
import { parseWwwAuthenticate } from "./www-authenticate.ts";

export type AuthenticatedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface AuthenticatedFetchOptions {
  /** The only origins that get the access token, e.g. `["https://api.spotify.com"]`; http on loopback only. */
  readonly origins: readonly string[];
  /** What relative URLs resolve against; its origin must be one of `origins`. */
  readonly base?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Waits for a 429 of at most `maxSeconds` and sends again once; without it a 429 is handed through. */
  readonly retryAfter?: { readonly maxSeconds: number } | undefined;
}

/**
 * Returns a `fetch` that carries a valid access token, and carries it to `origins` only.
 * A 401 is answered by new tokens and one replay of the request that got it, which is safe because the API did not
 * execute it; a request with a stream is not replayed. At most five redirects are followed, each judged here: to https
 * only, and to other origins with neither token nor body nor the app's headers. One that must not be followed is an
 * error; with `redirect: "manual"` it is handed through.
 * Throws `ResourceRequestError` and what the authenticator throws. RFC 6750 sections 2.1 and 5.3.
 */
export function authenticatedFetch(
  authenticator: Authenticator,
  options: AuthenticatedFetchOptions,
): AuthenticatedFetch {
  const origins = new Set(options.origins.map(checkOrigin));
  const { base, retryAfter, fetch: fetchNow = (input, init) => globalThis.fetch(input, init) } = options;
  if (origins.size === 0 || (base !== undefined && !origins.has(parseEndpoint("base", base, true).origin))) {
    throw new ConfigurationError("authenticatedFetch has no origin to send the token to.", {
      code: "invalid_option",
      option: "origins",
      hint: "Name the API's origin, and keep base within it.",
    });
  }

  return async (input, init = {}) => {
    const prepared = prepare(input, init, base, origins);
    const signal = prepared.init.signal ?? undefined;
    const { accessToken } = await authenticator.tokens({ signal });
    let { response, hop } = await follow(fetchNow, prepared.first, prepared.init, accessToken, origins);
    if (response.status === 401 && mayRepeat(hop) && mayRenew(response)) {
      discardBody(response);
      const renewed = await authenticator.tokens({ rejected: accessToken, signal });
      ({ response, hop } = await follow(fetchNow, hop, prepared.init, renewed.accessToken, origins));
    }
    const isLimited = response.status === 429 && mayRepeat(hop);
    const seconds = isLimited && retryAfter ? readRetryAfter(response, Date.now()) : null;
    if (seconds !== null && retryAfter && seconds <= retryAfter.maxSeconds) {
      discardBody(response);
      await withDeadline(() => new Promise<void>((wake) => setTimeout(wake, seconds * 1000)), { signal });
      const latest = await authenticator.tokens({ signal });
      ({ response } = await follow(fetchNow, hop, prepared.init, latest.accessToken, origins));
    }
    return response;
  };
}

function checkOrigin(origin: string): string {
  if (parseEndpoint("origins", origin, true).origin === origin) return origin;
  throw new ConfigurationError("An origin is a scheme, a host and perhaps a port.", {
    code: "invalid_option",
    option: "origins",
    hint: `Use ${new URL(origin).origin}`,
  });
}

interface Prepared {
  readonly first: Hop;
  /** What is the same at each hop. */
  readonly init: RequestInit & { readonly signal: AbortSignal | null };
}

function prepare(
  input: string | URL | Request,
  init: RequestInit,
  base: string | undefined,
  origins: ReadonlySet<string>,
): Prepared {
  const request = input instanceof Request ? input : null;
  const headers = new Headers(init.headers ?? request?.headers);
  if (headers.has("Authorization")) {
    throw new ResourceRequestError("The request has an Authorization header of its own.", {
      code: "authorization_header_present",
      hint: "Remove the header, or use the plain fetch for this request.",
    });
  }
  const url = resolve(request ? request.url : String(input), base, origins);
  const body = init.body === undefined ? request?.body : init.body;
  const kind = !body ? "none" : isRepeatable(body) ? "repeatable" : "stream";
  const method = init.method ?? request?.method ?? "GET";
  return {
    first: { url, method, headers, body: kind, trusted: true, redirects: 0 },
    init: {
      ...(request ? { redirect: request.redirect } : {}),
      ...init,
      signal: init.signal ?? request?.signal ?? null,
      ...(body ? { body } : {}),
      // What fetch asks of a streamed body.
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    },
  };
}

function isRepeatable(body: BodyInit): boolean {
  const kinds = [URLSearchParams, FormData, ArrayBuffer, Blob];
  return typeof body === "string" || ArrayBuffer.isView(body) || kinds.some((kind) => body instanceof kind);
}

function resolve(input: string, base: string | undefined, origins: ReadonlySet<string>): URL {
  let url: URL | undefined;
  try {
    url = new URL(input, base);
  } catch {
    // Reported below.
  }
  // Servers differ in whether "..%2f" climbs; an API path never needs it.
  const climbs = /(\.|%2e){2}(%2f|%5c)/i.test(input);
  // A blob: URL has the origin of the page that made it.
  if (!url?.protocol.startsWith("http") || climbs || url.username || url.password || !origins.has(url.origin)) {
    throw new ResourceRequestError("The access token must not go to this URL.", {
      code: "origin_not_allowed",
      hint: `Use a URL at ${[...origins].join(" or ")}, or the plain fetch for other hosts.`,
    });
  }
  return url;
}

interface Outcome {
  readonly response: Response;
  /** The request that it answers. */
  readonly hop: Hop;
}

// Each hop is sent here and none by the runtime: they differ in what they follow, and in what they take along.
async function follow(
  fetchNow: typeof fetch,
  start: Hop,
  init: Prepared["init"],
  accessToken: string,
  origins: ReadonlySet<string>,
): Promise<Outcome> {
  for (let hop = start; ; ) {
    const headers = new Headers(hop.headers);
    const request: RequestInit = { ...init, method: hop.method, headers, redirect: "manual" };
    if (hop.body === "none") delete request.body;
    if (hop.trusted) {
      headers.set("Authorization", `Bearer ${accessToken}`);
    } else {
      delete request.credentials;
      delete request.referrer;
    }
    const response = await fetchNow(hop.url, request);
    const next = nextHop(hop, response, init.redirect, origins);
    if (!next) return { response, hop };
    discardBody(response);
    if (next instanceof ResourceRequestError) throw next;
    hop = next;
  }
}

// What a stranger answers says nothing about the token.
function mayRepeat(hop: Hop): boolean {
  return hop.trusted && hop.body !== "stream";
}

// A Bearer challenge with another error (insufficient_scope, invalid_request) is not cured by new tokens.
function mayRenew(response: Response): boolean {
  const errors = parseWwwAuthenticate(response.headers.get("WWW-Authenticate"))
    .filter(({ scheme }) => scheme === "bearer")
    .map(({ parameters }) => parameters.get("error"));
  return errors.every((error) => error === undefined || error === "invalid_token");
}
