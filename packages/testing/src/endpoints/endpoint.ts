import type { Clock } from "../state/clock.ts";
import type { Devices } from "../state/devices.ts";
import type { Grants } from "../state/grants.ts";
import type { ReceivedRequest } from "../state/recorded-request.ts";
import { type Registration, readCredentials } from "../state/registration.ts";
import type { Settings } from "../state/settings.ts";
import type { Rule } from "../state/violation.ts";

/** What the endpoints share. */
export interface Context {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly grants: Grants;
  readonly devices: Devices;
  /** Whether the server has a device authorization endpoint. */
  readonly hasDeviceGrant: boolean;
  /** Null when every client id is taken for a public client. */
  readonly registrations: ReadonlyMap<string, Registration> | null;
  /** Parameters that token requests may carry beyond the standard's. */
  readonly tokenParameters: readonly string[];
  report(request: ReceivedRequest, rule: Rule, message: string): void;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache", ...headers },
  });
}

/** Answers as RFC 6749 §5.2 wants it. */
export function oauthError(status: number, error: string, description: string): Response {
  const headers: Record<string, string> = status === 401 ? { "www-authenticate": 'Basic realm="token"' } : {};
  return json(status, { error, error_description: description }, headers);
}

export function methodNotAllowed(allowed: string): Response {
  return new Response(null, { status: 405, headers: { allow: allowed } });
}

/** RFC 6749 §3.3: scope tokens of printable characters but quote and backslash, one space between two. */
export function readScope(scope: string | null): readonly string[] | null {
  if (scope === null) return [];
  return /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope) ? [...new Set(scope.split(" "))] : null;
}

/** Returns the id of the client that sent a form and may send it, or the answer that refuses it (RFC 6749 §2.3). */
export function authenticateClient(
  context: Context,
  request: ReceivedRequest,
  form: URLSearchParams,
): { readonly clientId: string; readonly isPublic: boolean } | Response {
  const credentials = readCredentials(request.headers, form);
  const { clientId } = credentials;
  const refuse = (message: string, rule: Rule = "client_authentication"): Response => {
    context.report(request, rule, message);
    return oauthError(request.headers.has("authorization") ? 401 : 400, "invalid_client", "Invalid client");
  };
  if (clientId === null || clientId === "") return refuse("The request names no client.");
  const registration = context.registrations?.get(clientId);
  if (context.registrations !== null && registration === undefined) {
    return refuse(`No client ${clientId} is registered.`, "unknown_client");
  }
  const expected = registration?.authentication ?? "none";
  if (credentials.method !== expected) {
    return refuse(`The client ${clientId} authenticates with ${expected}, but the request with ${credentials.method}.`);
  }
  if (expected !== "none" && credentials.secret !== registration?.secret) {
    return refuse(`The secret of the client ${clientId} is wrong.`);
  }
  return { clientId, isPublic: expected === "none" };
}

/** Refuses what is no plain form POST: RFC 6749 §3.2 (method, body, no repeated parameter) and RFC 9700 §4.3 (no query). */
export function readForm(context: Context, request: ReceivedRequest): URLSearchParams | Response {
  if (request.method !== "POST") {
    context.report(request, "request_method", `The request is a ${request.method}, not a POST.`);
    return methodNotAllowed("POST");
  }
  if (request.form === null) {
    const type = request.headers.get("content-type") ?? "nothing";
    context.report(request, "content_type", `The body is ${type}, not application/x-www-form-urlencoded in UTF-8.`);
    return oauthError(400, "invalid_request", "The content type must be application/x-www-form-urlencoded");
  }
  const inQuery = [...request.query.keys()].find((name) => request.form?.has(name) || name === "grant_type");
  if (inQuery !== undefined) {
    context.report(request, "parameter_in_query", `${inQuery} stands in the URL.`);
    return oauthError(400, "invalid_request", "Parameters belong into the body");
  }
  const [repeated] = request.record.repeated;
  if (repeated !== undefined) {
    context.report(request, "duplicate_parameter", `${repeated} occurs more than once.`);
    return oauthError(400, "invalid_request", `${repeated} occurs more than once`);
  }
  return request.form;
}
