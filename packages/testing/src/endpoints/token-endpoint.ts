import { deviceGrantType } from "../state/devices.ts";
import type { IssuedTokens } from "../state/grants.ts";
import { setLatest } from "../state/latest.ts";
import { challengeOf, shannonEntropy } from "../state/random.ts";
import { parameterOf, type ReceivedRequest } from "../state/recorded-request.ts";
import type { Rule } from "../state/violation.ts";
import { authenticateClient, type Context, json, oauthError, readForm, readScope } from "./endpoint.ts";

/** What a grant type's request may carry, besides the client's credentials. */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  authorization_code: ["code", "redirect_uri", "code_verifier"],
  refresh_token: ["refresh_token", "scope"],
  client_credentials: ["scope"],
  [deviceGrantType]: ["device_code"],
};

/** Codes live for ten minutes (RFC 6749 §4.1.2). */
const codeLifetime = 600_000;

/** How many verifiers are remembered, to see one used twice. */
const mostVerifiers = 10_000;

/** 128 bits of Shannon entropy: far below any random verifier, far above any that somebody typed. */
const leastEntropy = 128;

/** Answers token requests (RFC 6749 §4.1.3, §4.4.2 and §6; RFC 7636 §4.5; RFC 8628 §3.4). */
export function tokenEndpoint(context: Context): (request: ReceivedRequest) => Promise<Response> {
  const usedVerifiers = new Map<string, true>();

  async function exchangeCode(request: ReceivedRequest, form: URLSearchParams, clientId: string): Promise<Response> {
    const { grants, clock } = context;
    const missing = ["code", "redirect_uri"].find((name) => parameterOf(form, name) === null);
    if (missing !== undefined) {
      return refuse(request, "missing_parameter", "invalid_request", `${missing} is missing`);
    }
    const verifier = parameterOf(form, "code_verifier");
    if (verifier === null) {
      return refuse(request, "verifier_missing", "invalid_request", "code_verifier must be supplied");
    }
    if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) {
      return refuse(request, "verifier_form", "invalid_request", "code_verifier is malformed");
    }
    const code = grants.findCode(form.get("code") ?? "");
    if (code === undefined) return oauthError(400, "invalid_grant", "Invalid authorization code");
    if (code.used) {
      if (code.grant !== null) code.grant.revoked = true;
      return refuse(request, "code_replayed", "invalid_grant", "Invalid authorization code");
    }
    code.used = true;
    if (code.clientId !== clientId) {
      return refuse(request, "code_of_another_client", "invalid_grant", "Invalid authorization code");
    }
    if (code.redirectUri !== form.get("redirect_uri")) {
      return refuse(request, "redirect_uri_mismatch", "invalid_grant", "Invalid redirect URI");
    }
    if ((await challengeOf(verifier)) !== code.challenge) {
      return refuse(request, "verifier_mismatch", "invalid_grant", "code_verifier was incorrect");
    }
    judgeVerifier(request, verifier);
    if (clock.now() >= code.issuedAt + codeLifetime) {
      return oauthError(400, "invalid_grant", "Authorization code expired");
    }
    const { grant, tokens } = grants.open({
      ...{ clientId, person: code.person, scope: code.scope, redirectUri: code.redirectUri },
    });
    code.grant = grant;
    return answer(tokens);
  }

  /** No server can refuse these without refusing honest clients too, so they are only recorded. */
  function judgeVerifier(request: ReceivedRequest, verifier: string): void {
    if (shannonEntropy(verifier) < leastEntropy) {
      context.report(request, "verifier_entropy", "The code_verifier can be guessed: it repeats itself.");
    }
    if (usedVerifiers.has(verifier)) {
      context.report(request, "verifier_reused", "The code_verifier belongs to an earlier login.");
    }
    setLatest(usedVerifiers, verifier, true, mostVerifiers);
  }

  function refresh(request: ReceivedRequest, form: URLSearchParams, clientId: string): Response {
    const refreshToken = parameterOf(form, "refresh_token");
    if (refreshToken === null) {
      return refuse(request, "missing_parameter", "invalid_request", "refresh_token must be supplied");
    }
    const grant = context.grants.findByRefreshToken(refreshToken);
    if (grant === undefined) return oauthError(400, "invalid_grant", "Invalid refresh token");
    if (grant.clientId !== clientId) {
      return refuse(request, "refresh_token_of_another_client", "invalid_grant", "Invalid refresh token");
    }
    const scope = form.has("scope") ? readScope(parameterOf(form, "scope")) : grant.scope;
    if (scope === null) return refuse(request, "scope_form", "invalid_scope", "The scope is malformed");
    const beyond = scope.find((token) => !grant.scope.includes(token));
    if (beyond !== undefined) {
      return refuse(request, "refresh_scope", "invalid_scope", `${beyond} was never granted`);
    }
    const result = context.grants.refresh(grant, refreshToken, scope);
    return typeof result === "string" ? oauthError(400, "invalid_grant", result) : answer(result);
  }

  function answerDevice(request: ReceivedRequest, form: URLSearchParams, clientId: string): Response {
    const deviceCode = parameterOf(form, "device_code");
    if (deviceCode === null) {
      return refuse(request, "missing_parameter", "invalid_request", "device_code must be supplied");
    }
    const login = context.devices.find(deviceCode);
    if (login === undefined) return oauthError(400, "invalid_grant", "Invalid device code");
    if (login.clientId !== clientId) {
      return refuse(request, "device_code_of_another_client", "invalid_grant", "Invalid device code");
    }
    const polled = context.devices.poll(login);
    if (polled === "slow_down") {
      return refuse(request, "device_polled_too_fast", "slow_down", "Wait 5 seconds longer between two polls");
    }
    if (typeof polled === "string") return oauthError(400, polled, polled.replaceAll("_", " "));
    return answer(context.grants.open({ clientId, person: polled, scope: login.scope }).tokens);
  }

  function issueToClient(request: ReceivedRequest, form: URLSearchParams, clientId: string): Response {
    const scope = readScope(parameterOf(form, "scope"));
    if (scope === null) return refuse(request, "scope_form", "invalid_scope", "The scope is malformed");
    return answer(context.grants.open({ clientId, person: null, scope }).tokens);
  }

  function refuse(request: ReceivedRequest, rule: Rule, error: string, description: string): Response {
    context.report(request, rule, `${description}.`);
    return oauthError(400, error, description);
  }

  return async (request) => {
    const form = readForm(context, request);
    if (form instanceof Response) return form;
    const grantType = parameterOf(form, "grant_type");
    if (grantType === null) return refuse(request, "missing_parameter", "invalid_request", "grant_type is missing");
    const known = Object.hasOwn(parametersOf, grantType) ? parametersOf[grantType] : undefined;
    if (known === undefined || (grantType === deviceGrantType && !context.hasDeviceGrant)) {
      return refuse(request, "grant_type", "unsupported_grant_type", "The grant_type is not supported");
    }
    const allowed = ["grant_type", "client_id", "client_secret", ...known, ...context.tokenParameters];
    for (const name of new Set(form.keys())) {
      if (allowed.includes(name)) continue;
      context.report(request, "unknown_parameter", `${name} has no meaning in a ${grantType} request.`);
    }
    const client = authenticateClient(context, request, form);
    if (client instanceof Response) return client;
    if (grantType === "authorization_code") return exchangeCode(request, form, client.clientId);
    if (grantType === "refresh_token") return refresh(request, form, client.clientId);
    if (grantType === deviceGrantType) return answerDevice(request, form, client.clientId);
    if (!client.isPublic) return issueToClient(request, form, client.clientId);
    return refuse(request, "grant_type", "unauthorized_client", "A public client has no tokens of its own");
  };
}

function answer({ accessToken, expiresIn, scope, refreshToken }: IssuedTokens): Response {
  return json(200, {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: expiresIn,
    scope: scope.join(" "),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
  });
}
