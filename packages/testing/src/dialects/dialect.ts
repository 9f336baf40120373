import { type Context, json } from "../endpoints/endpoint.ts";
import type { Answering } from "../endpoints/endpoints.ts";
import type { ReceivedRequest, RequestKind } from "../state/recorded-request.ts";

/** Stands before the strict server: turns what a provider takes into the standard's request, and the answer into its words. */
export type Dialect = (strict: Answering, context: Context) => Answering;

export type Members = Readonly<Record<string, unknown>>;

/** Puts dialects before the strict server; the first hears first and speaks last. */
export function speak(dialects: readonly Dialect[], strict: Answering, context: Context): Answering {
  return dialects.reduceRight((next, dialect) => dialect(next, context), strict);
}

/** Changes requests of a kind before the strict server sees them, or answers them in its place. */
export function hearing(
  kinds: RequestKind | readonly RequestKind[],
  hear: (request: ReceivedRequest, context: Context) => ReceivedRequest | Response,
): Dialect {
  return (strict, context) => async (request, decided) => {
    if (!kinds.includes(request.record.kind)) return strict(request, decided);
    const heard = hear(request, context);
    return heard instanceof Response ? heard : strict(heard, decided);
  };
}

/** An answer in the words of a provider: its status, and a body that is JSON unless it is a text. */
export interface Words {
  readonly status: number;
  readonly body: unknown;
  /** The media type of a text; `text/plain`, unless given. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function say({ status, body, type = "text/plain", headers }: Words): Response {
  if (body === null) return new Response(null, { status, headers: { ...headers } });
  if (typeof body !== "string") return json(status, body, { ...headers });
  return new Response(body, { status, headers: { "content-type": `${type}; charset=utf-8`, ...headers } });
}

/** Returns the request with another form. */
export function withForm(request: ReceivedRequest, change: (form: URLSearchParams) => void): ReceivedRequest {
  if (request.form === null) return request;
  const form = new URLSearchParams(request.form);
  change(form);
  return { ...request, form };
}

/** Returns the request with another query. */
export function withQuery(request: ReceivedRequest, change: (query: URLSearchParams) => void): ReceivedRequest {
  const url = new URL(request.url);
  change(url.searchParams);
  return { ...request, url, query: url.searchParams };
}

/** Replaces a parameter; null removes it. */
export function put(parameters: URLSearchParams, name: string, value: string | null | undefined): void {
  if (value === null || value === undefined) parameters.delete(name);
  else parameters.set(name, value);
}
