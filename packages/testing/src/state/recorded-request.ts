import { trimBlanks } from "./blanks.ts";

export type RequestKind = "authorize" | "token" | "revoke" | "device" | "verify" | "api" | "metadata" | "other";

/** A request as the server saw it: plain data, secrets included, because only tests read it. */
export interface RecordedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  readonly url: string;
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The query's parameters and those of the form, or the texts of a JSON object; of a repeated one the first value. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The names that occurred more than once. */
  readonly repeated: readonly string[];
  readonly grantType?: string;
  /** Where the login ended that the request belongs to, if its code or token shows one: it tells apps apart. */
  redirectUri?: string;
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly at: number;
  /** The fault that hit this request, if one did. */
  fault?: string;
  /** The status of the answer; absent as long as there is none. */
  status?: number;
  /** The OAuth error of the answer. */
  error?: string;
}

/** A request with its body read, in the form in which the endpoints judge it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  /** The parsed form, or null when the content type is not a form's. */
  readonly form: URLSearchParams | null;
  /** The members of a JSON object, or null when the body is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly record: RecordedRequest;
}

/** Reads a request to its end and records it. */
export async function receive(request: Request, kind: RequestKind, at: number): Promise<ReceivedRequest> {
  const url = new URL(request.url);
  const text = request.body === null ? "" : await request.text();
  const form = isForm(request.headers) ? new URLSearchParams(text) : null;
  const json = readObject(request.headers, text);
  const all = [...url.searchParams, ...(form ?? textsOf(json ?? {}))];
  const parameters: Record<string, string> = {};
  const repeated = new Set<string>();
  for (const [name, value] of all) {
    if (Object.hasOwn(parameters, name)) repeated.add(name);
    else parameters[name] = value;
  }
  const grantType = form?.get("grant_type") ?? textsOf(json ?? {}).get("grant_type");
  const record: RecordedRequest = {
    kind,
    method: request.method,
    url: url.href,
    headers: Object.fromEntries(request.headers),
    parameters,
    repeated: [...repeated],
    ...(grantType ? { grantType } : {}),
    at,
  };
  return { method: request.method, url, headers: request.headers, query: url.searchParams, form, json, record };
}

/** Returns the members that are texts, as a form would have them. */
export function textsOf(members: Readonly<Record<string, unknown>>): URLSearchParams {
  const texts = Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return new URLSearchParams(texts);
}

function readObject(headers: Headers, text: string): Record<string, unknown> | null {
  if (!headers.get("content-type")?.toLowerCase().startsWith("application/json")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** RFC 6749 §3.2 and appendix B: a form, in UTF-8 if a charset is named at all. */
function isForm(headers: Headers): boolean {
  const [type, ...attributes] = (headers.get("content-type") ?? "").toLowerCase().split(";").map(trimBlanks);
  if (type !== "application/x-www-form-urlencoded") return false;
  return attributes.every((attribute) => ["charset=utf-8", 'charset="utf-8"', ""].includes(attribute));
}

/** Returns the first name that occurs more than once. */
export function repeatedName(parameters: URLSearchParams): string | undefined {
  return [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
}

/** RFC 6749 §3.1: a parameter without a value counts as omitted. */
export function parameterOf(parameters: URLSearchParams, name: string): string | null {
  return parameters.get(name) || null;
}

/** Returns the OAuth error of an answer, for the record. */
export async function errorOf(kind: RequestKind, response: Response): Promise<string | null> {
  const location = response.headers.get("location");
  if (kind === "authorize" && location !== null)
    return new URL(location, "http://base.invalid").searchParams.get("error");
  if (response.ok || !response.headers.get("content-type")?.includes("json")) return null;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  return typeof error === "string" ? error : null;
}
