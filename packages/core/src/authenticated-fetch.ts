import type { Authenticator } from "./authenticator.ts";
import { withDeadline } from "./deadline.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError, ResourceRequestError } from "./errors.ts";
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
 * A 401 is answered by new tokens and one replay, which is safe because the API did not execute the request; a request
 * with a stream is not replayed. Redirects get the token only within `origins`.
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
    const prepared = prepare(input, init);
    const url = resolve(prepared.url, base, origins);
    const signal = prepared.init.signal ?? undefined;
    const { accessToken } = await authenticator.tokens({ signal });
    let response = await follow(fetchNow, url, prepared.init, accessToken, origins);
    if (!prepared.replayable) return response;
    if (response.status === 401 && mayRenew(response)) {
      discardBody(response);
      const renewed = await authenticator.tokens({ rejected: accessToken, signal });
      response = await follow(fetchNow, url, prepared.init, renewed.accessToken, origins);
    }
    const seconds = response.status === 429 && retryAfter ? readRetryAfter(response, Date.now()) : null;
    if (seconds !== null && retryAfter && seconds <= retryAfter.maxSeconds) {
      discardBody(response);
      await withDeadline(() => new Promise<void>((wake) => setTimeout(wake, seconds * 1000)), { signal });
      const latest = await authenticator.tokens({ signal });
      response = await follow(fetchNow, url, prepared.init, latest.accessToken, origins);
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
  readonly url: string;
  readonly init: RequestInit & { readonly headers: Headers; readonly signal: AbortSignal | null };
  readonly replayable: boolean;
}

function prepare(input: string | URL | Request, init: RequestInit): Prepared {
  const request = input instanceof Request ? input : null;
  const headers = new Headers(init.headers ?? request?.headers);
  if (headers.has("Authorization")) {
    throw new ResourceRequestError("The request has an Authorization header of its own.", {
      code: "authorization_header_present",
      hint: "Remove the header, or use the plain fetch for this request.",
    });
  }
  const body = init.body === undefined ? request?.body : init.body;
  const signal = init.signal ?? request?.signal ?? null;
  return {
    url: request ? request.url : String(input),
    init: {
      ...(request ? { method: request.method, redirect: request.redirect } : {}),
      ...init,
      headers,
      signal,
      ...(body ? { body } : {}),
      // What fetch asks of a streamed body.
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    },
    replayable: !body || isRepeatable(body),
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
  if (!url || climbs || url.username || url.password || !origins.has(url.origin)) {
    throw new ResourceRequestError("The access token must not go to this URL.", {
      code: "origin_not_allowed",
      hint: `Use a URL at ${[...origins].join(" or ")}, or the plain fetch for other hosts.`,
    });
  }
  return url;
}

// Redirects are followed here, because runtimes differ in whether they keep Authorization when the origin changes.
async function follow(
  fetchNow: typeof fetch,
  start: URL,
  init: Prepared["init"],
  accessToken: string,
  origins: ReadonlySet<string>,
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${accessToken}`);
  let url = start;
  let next: RequestInit = { ...init, headers, redirect: init.redirect === "error" ? "error" : "manual" };
  for (let hop = 0; ; hop++) {
    const response = await fetchNow(url, next);
    const location = response.headers.get("Location");
    const redirects = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
    if (!redirects || init.redirect === "manual" || hop === 5) return response;
    const target = parse(location, url);
    const keepsMethod = response.status >= 307 || /^(GET|HEAD)$/i.test(next.method ?? "GET");
    if (!target || (next.body && response.status >= 307 && !isRepeatable(next.body))) return response;
    if (!keepsMethod) {
      const { body: _body, ...rest } = next;
      headers.delete("Content-Type");
      next = { ...rest, method: "GET" };
    }
    if (!origins.has(target.origin)) {
      // A body is not handed to a stranger either.
      if (next.body) return response;
      headers.delete("Authorization");
      next = { ...next, redirect: "follow" };
    }
    discardBody(response);
    url = target;
  }
}

function parse(location: string, base: URL): URL | null {
  try {
    return new URL(location, base);
  } catch {
    return null;
  }
}

// A Bearer challenge with another error (insufficient_scope, invalid_request) is not cured by new tokens.
function mayRenew(response: Response): boolean {
  const errors = parseWwwAuthenticate(response.headers.get("WWW-Authenticate"))
    .filter(({ scheme }) => scheme === "bearer")
    .map(({ parameters }) => parameters.get("error"));
  return errors.every((error) => error === undefined || error === "invalid_token");
}
