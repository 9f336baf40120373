import { ResourceRequestError } from "./errors.ts";
import type { Hop } from "./redirects.ts";
import { isRepeatable, readAhead } from "./request-body.ts";

/** A request to an API, before any token is in it. */
export interface PreparedRequest {
  readonly first: Hop;
  /** What is the same at each hop. */
  readonly init: RequestInit & { readonly signal: AbortSignal | null };
  /** The caller's own header. */
  readonly authorization: string | null;
}

/** Prepares a request for its hops. Throws `ResourceRequestError` (`origin_not_allowed`). */
export async function prepareRequest(
  input: string | URL | Request,
  init: RequestInit,
  base: string | undefined,
  origins: ReadonlySet<string>,
): Promise<PreparedRequest> {
  const request = input instanceof Request ? input : null;
  const headers = new Headers(init.headers ?? request?.headers);
  const authorization = headers.get("Authorization");
  headers.delete("Authorization");
  const url = resolve(request ? request.url : String(input), base, origins);
  const signal = init.signal ?? request?.signal ?? null;
  const buffered = init.body === undefined && request?.body ? await readAhead(request.body, signal ?? undefined) : null;
  const body = init.body ?? buffered;
  const kind = !body ? "none" : isRepeatable(body) ? "repeatable" : "stream";
  const method = init.method ?? request?.method ?? "GET";
  return {
    authorization,
    first: { url, method, headers, body: kind, trusted: true, redirects: 0 },
    init: {
      ...(request ? { redirect: request.redirect } : {}),
      ...init,
      signal,
      ...(body ? { body } : {}),
      // What fetch asks of a streamed body.
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    },
  };
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
