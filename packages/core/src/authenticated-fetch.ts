import type { Authenticator } from "./authenticator.ts";
import { expectCure, isCurable, noteCure } from "./cure.ts";
import { longestTimer, withDeadline } from "./deadline.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError, ResourceRequestError } from "./errors.ts";
import { checkFunctions, checkMembers, type Members } from "./members.ts";
import { provingWith, sendProven } from "./proof.ts";
import type { ProveRequest } from "./provider-steps.ts";
import { type Hop, nextHop } from "./redirects.ts";
import { type PreparedRequest, prepareRequest } from "./resource-request.ts";
import { discardBody } from "./response-body.ts";
import { readRetryAfter } from "./retry-after.ts";
import { isSupplied, supply } from "./supplied-tokens.ts";
import type { Tokens } from "./tokens.ts";
import { parseWwwAuthenticate } from "./www-authenticate.ts";

export type AuthenticatedFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface AuthenticatedFetchOptions {
  /** The only origins that get the access token, e.g. `["https://api.spotify.com"]`; http on loopback only. */
  readonly origins: readonly string[];
  /** What relative URLs resolve against; its origin must be one of `origins`. */
  readonly base?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** The provider's `proveRequest`, where it has one; called for `origins` only. */
  readonly proveRequest?: ProveRequest | undefined;
  /** For each request to `origins`, as the provider wants them; the request's own header wins. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Waits for a 429 of at most `maxSeconds` and sends again once; without it a 429 is handed through. */
  readonly retryAfter?: { readonly maxSeconds: number } | undefined;
}

/**
 * Returns a `fetch` that carries a valid access token, and carries it to `origins` only.
 * A 401 is answered by new tokens and one replay of the request that got it, which is safe because the API did not
 * execute it. Tokens that are refused as soon as they were renewed are not renewed again before they are due. A stream is
 * not replayed, nor a `Request` with more than 1 MiB; its 401 is handed through, and the next request has the new tokens.
 * At most five redirects are followed, each judged here: to https only, and to other origins with neither token nor body
 * nor the app's headers. One that must not be followed is an error; with `redirect: "manual"` it is handed through.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750 section 2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-5.3 RFC 6750 section 5.3}
 * @throws ConfigurationError for options that cannot be used; the returned function rejects with `ResourceRequestError`
 * and with what the authenticator throws.
 * @example
 * const fetch = authenticatedFetch(authenticator, { origins: ["https://api.example"], base: "https://api.example/v1/" });
 * const answer = await fetch("me");
 */
export function authenticatedFetch(
  authenticator: Authenticator,
  options: AuthenticatedFetchOptions,
): AuthenticatedFetch {
  checkMembers("", options, {
    ...{ origins: 1, base: 1, fetch: 1, proveRequest: 1, headers: 1, retryAfter: 1 },
  } satisfies Members<keyof AuthenticatedFetchOptions>);
  checkMembers("retryAfter", options.retryAfter ?? {}, { maxSeconds: 1 });
  checkFunctions("", options, ["fetch", "proveRequest"]);
  const origins = new Set(options.origins.map(checkOrigin));
  const { base, retryAfter, fetch: fetchNow = (input, init) => globalThis.fetch(input, init) } = options;
  if (origins.size === 0 || (base !== undefined && !origins.has(parseEndpoint("base", base, true).origin))) {
    throw new ConfigurationError("authenticatedFetch cannot use these origins.", {
      code: "invalid_option",
      option: "origins",
      hint: "Name the API's origin, and keep base within it.",
    });
  }

  return async (input, init = {}) => {
    const prepared = await prepareRequest(input, init, base, origins);
    const signal = prepared.init.signal ?? undefined;
    const send = async (hop: Hop, tokens: Tokens): Promise<Outcome> => {
      const outcome = await follow(fetchNow, hop, prepared.init, tokens, origins, options);
      // A server that fails says nothing about the token.
      if (outcome.response.status < 500) noteCure(tokens, outcome.hop.url.origin, isRefusal(outcome));
      return outcome;
    };
    const tokens = await supply(authenticator, { signal });
    refuseForeign(prepared.authorization, authenticator);
    let { response, hop } = await send(prepared.first, tokens);
    const { origin } = hop.url;
    if (isRefusal({ response, hop }) && isCurable(tokens, origin)) {
      const renewed = await renew(authenticator, tokens, response, signal);
      expectCure(renewed, origin);
      if (hop.body === "stream") return response;
      discardBody(response);
      ({ response, hop } = await send(hop, renewed));
    }
    const isLimited = response.status === 429 && hop.trusted && hop.body !== "stream";
    const seconds = isLimited && retryAfter ? readRetryAfter(response, Date.now()) : null;
    if (seconds !== null && retryAfter && seconds <= retryAfter.maxSeconds) {
      discardBody(response);
      const pause = Math.min(seconds * 1000, longestTimer);
      await withDeadline(() => new Promise<void>((wake) => setTimeout(wake, pause)), { signal });
      ({ response } = await send(hop, await supply(authenticator, { signal })));
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

/** Asks for new tokens; the answer that nobody will read then is given back. */
async function renew(
  authenticator: Authenticator,
  { accessToken }: Tokens,
  response: Response,
  signal: AbortSignal | undefined,
): Promise<Tokens> {
  try {
    return await supply(authenticator, { rejected: accessToken, signal });
  } catch (error) {
    discardBody(response);
    throw error;
  }
}

// A client that was given the token, such as an SDK, may write it itself; the current one takes its place.
function refuseForeign(authorization: string | null, authenticator: Authenticator): void {
  if (authorization === null || isSupplied(authenticator, authorization)) return;
  throw new ResourceRequestError("The request has an Authorization header of its own.", {
    code: "authorization_header_present",
    hint: "Remove the header, or use the plain fetch for this request.",
  });
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
  init: PreparedRequest["init"],
  { accessToken, extra }: Tokens,
  origins: ReadonlySet<string>,
  { proveRequest, headers: defaults = {} }: AuthenticatedFetchOptions,
): Promise<Outcome> {
  const prove = provingWith(proveRequest, extra);
  for (let hop = start; ; ) {
    const headers = new Headers(hop.headers);
    const request: RequestInit = { ...init, method: hop.method, headers, redirect: "manual" };
    if (hop.body === "none") delete request.body;
    if (hop.trusted) {
      for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
      headers.set("Authorization", `Bearer ${accessToken}`);
    } else {
      delete request.credentials;
      delete request.referrer;
    }
    const { url, method } = hop;
    const send = (proof: Readonly<Record<string, string>>) => {
      for (const [name, value] of Object.entries(proof)) headers.set(name, value);
      return fetchNow(url, request);
    };
    const response = await (hop.trusted
      ? sendProven(prove, { method, url: url.href }, accessToken, send, hop.body !== "stream")
      : send({}));
    const next = nextHop(hop, response, init.redirect, origins);
    if (!next) return { response, hop };
    discardBody(response);
    if (next instanceof ResourceRequestError) throw next;
    hop = next;
  }
}

function isRefusal({ response, hop }: Outcome): boolean {
  // What a stranger answers says nothing about the token.
  return response.status === 401 && hop.trusted && mayRenew(response);
}

// What is asked for there is not cured by new tokens (RFC 6750 section 3.1, RFC 9470 section 3, RFC 9449 section 9). Any other
// word may be an API's own for a token that has expired.
function mayRenew({ headers }: Response): boolean {
  return !parseWwwAuthenticate(headers.get("WWW-Authenticate")).some(({ parameters }) =>
    /^(insufficient_|invalid_req|use_)/.test(parameters.get("error") as string),
  );
}
