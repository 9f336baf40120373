import { type Decision, people, readDecision } from "../state/people.ts";
import { parameterOf, type ReceivedRequest, repeatedName } from "../state/recorded-request.ts";
import { redirectUriProblem } from "../state/registration.ts";
import type { Rule } from "../state/violation.ts";
import { type Context, methodNotAllowed, readScope } from "./endpoint.ts";
import { formPostPage, loginPage, refusalPage } from "./login-page.ts";

interface Problem {
  readonly rule: Rule;
  readonly error: string;
  readonly message: string;
}

/** Answers an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3): login page, callback or refusal. */
export function authorizeEndpoint(context: Context, request: ReceivedRequest, decided: Decision | null): Response {
  if (request.method !== "GET" && request.method !== "POST") return methodNotAllowed("GET, POST");
  const { query } = request;
  const target = readTarget(context, request);
  if (target instanceof Response) return target;
  const problem = findProblem(query);
  if (problem !== null) {
    context.report(request, problem.rule, problem.message);
    return redirect(context, target.redirectUri, query, { error: problem.error, error_description: problem.message });
  }
  const scope = readScope(parameterOf(query, "scope")) ?? [];
  const decision = decided ?? readDecision(request.form?.get("person")) ?? automatic(context, query);
  if (decision === null) return loginPage(new URL(request.record.url), target.clientId, scope);
  if (decision === "deny") return redirect(context, target.redirectUri, query, { error: "access_denied" });
  const code = context.grants.issueCode({
    ...target,
    scope,
    challenge: query.get("code_challenge") ?? "",
    person: people[decision],
  });
  return redirect(context, target.redirectUri, query, { code: code.value });
}

/** `show_dialog=true` asks for the page even where nobody needs to be asked. */
function automatic(context: Context, query: URLSearchParams): Decision | null {
  return query.get("show_dialog") === "true" ? null : context.settings.autoApprove;
}

/** Client and redirect URI come first: without both nothing may be answered by redirect (RFC 6749 §4.1.2.1). */
function readTarget(context: Context, request: ReceivedRequest): { clientId: string; redirectUri: string } | Response {
  const { query } = request;
  const refuse = (rule: Rule, message: string): Response => {
    context.report(request, rule, message);
    return refusalPage(message);
  };
  for (const name of ["client_id", "redirect_uri"]) {
    if (query.getAll(name).length > 1) return refuse("duplicate_parameter", `${name} occurs more than once.`);
  }
  const clientId = parameterOf(query, "client_id");
  if (clientId === null) return refuse("unknown_client", "The request names no client.");
  const registration = context.registrations === null ? null : context.registrations.get(clientId);
  if (registration === undefined) return refuse("unknown_client", `No client ${clientId} is registered.`);
  const redirectUri = parameterOf(query, "redirect_uri");
  if (redirectUri === null) return refuse("redirect_uri_missing", "The request has no redirect_uri.");
  const problem = redirectUriProblem(registration, redirectUri);
  return problem === null ? { clientId, redirectUri } : refuse("redirect_uri_not_registered", problem);
}

function findProblem(query: URLSearchParams): Problem | null {
  const repeated = repeatedName(query);
  if (repeated !== undefined) return invalid("duplicate_parameter", `${repeated} occurs more than once.`);
  const responseType = parameterOf(query, "response_type");
  if (responseType === null) return invalid("response_type", "The request has no response_type.");
  if (responseType !== "code") {
    const message = `The response_type is ${responseType}, not code.`;
    return { rule: "response_type", error: "unsupported_response_type", message };
  }
  const challenge = parameterOf(query, "code_challenge");
  if (challenge === null) return invalid("challenge_missing", "The request has no code_challenge.");
  const method = parameterOf(query, "code_challenge_method") ?? "plain";
  if (method !== "S256") return invalid("challenge_method", `The code_challenge_method is ${method}, not S256.`);
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    return invalid("challenge_form", "The code_challenge is not the base64url of a SHA-256 digest (43 characters).");
  }
  if (readScope(parameterOf(query, "scope")) === null) {
    return { rule: "scope_form", error: "invalid_scope", message: "The scope is malformed." };
  }
  return null;
}

function invalid(rule: Rule, message: string): Problem {
  return { rule, error: "invalid_request", message };
}

/** RFC 9700 §4.12: 303, so that the login form's POST does not travel on to the client. */
function redirect(
  { settings }: Context,
  redirectUri: string,
  query: URLSearchParams,
  parameters: Record<string, string>,
): Response {
  const answer = new URLSearchParams(parameters);
  const state = query.get("state");
  if (state !== null) answer.set("state", state);
  if (settings.announceIssuer) answer.set("iss", settings.issuer);
  if (query.get("response_mode") === "form_post") return formPostPage(redirectUri, answer);
  const location = `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${answer}`;
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}
