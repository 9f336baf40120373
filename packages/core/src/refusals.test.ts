import { describe, expect, it } from "vitest";
import {
  type AnswerRule,
  createClient,
  createTokens,
  defineProvider,
  exchangeCode,
  outcomeOf,
  readCallback,
  refreshTokens,
  requestClientCredentials,
  revokeToken,
  secretPost,
  type TokenAnswer,
  type TokenRequestError,
  type TokenRequestOptions,
  type TokenRequestOutcome,
} from "./index.ts";

const tokens = createTokens({
  accessToken: "canary-access",
  tokenType: "Bearer",
  expiresIn: 60,
  scope: ["a"],
  refreshToken: "canary-refresh",
  createdAt: 0,
  authorizedAt: 0,
});

function clientWith(error?: AnswerRule) {
  const provider = defineProvider({
    name: "as",
    issuer: "https://as.example",
    authorizationEndpoint: "https://as.example/authorize",
    tokenEndpoint: "https://as.example/token",
    revocationEndpoint: "https://as.example/revoke",
    ...(error ? { answer: { error } } : {}),
  });
  return createClient({
    provider,
    clientId: "id",
    redirectUri: "https://app.example/cb",
    authentication: secretPost("s"),
  });
}

type Body = string | object | null;

/** An answer as a provider sends it: an object becomes JSON, anything else stays as it is. */
function answering(status: number, body: Body, type = "application/json"): TokenRequestOptions {
  const text = body === null || typeof body === "string" ? body : JSON.stringify(body);
  return { fetch: async () => new Response(text, { status, headers: { "Content-Type": type } }) };
}

async function failure(promise: Promise<unknown>): Promise<TokenRequestError> {
  const reason: unknown = await promise.then(
    () => new Error("It succeeded."),
    (error) => error,
  );
  return reason as TokenRequestError;
}

const html = "<!doctype html><title>No</title>";

describe("the table of what an answer to a refresh means", () => {
  it.each<[line: string, TokenRequestOutcome, status: number, body: Body, type?: string]>([
    ["1: 3xx", "unavailable", 302, { error: "invalid_grant" }],
    ["1: 304", "unavailable", 304, null],
    ["1: 408", "unavailable", 408, { error: "invalid_grant" }],
    ["1: 425", "unavailable", 425, { error: "invalid_grant" }],
    ["1: 429", "unavailable", 429, { error: "invalid_grant" }],
    ["1: 429, text", "unavailable", 429, "error code: 1015", "text/plain"],
    ["1: 500", "unavailable", 500, { error: "invalid_grant" }],
    ["1: 502", "unavailable", 502, html, "text/html"],
    ["1: 599", "unavailable", 599, { error: "invalid_client" }],
    ["3: 400", "ended", 400, { error: "invalid_grant" }],
    ["3: 401", "ended", 401, { error: "invalid_grant" }],
    ["3: 403", "ended", 403, { error: "invalid_grant" }],
    ["3: 404", "ended", 404, { error: "invalid_grant" }],
    ["3: 200", "ended", 200, { error: "invalid_grant" }],
    ["3: 201", "ended", 201, { ok: false, error: "invalid_grant" }],
    ["3: JSON that is called text", "ended", 400, { error: "invalid_grant" }, "text/plain"],
    ["3: JSON that is called HTML", "ended", 400, { error: "invalid_grant" }, "text/html"],
    ["3: JSON that is called nothing", "ended", 400, { error: "invalid_grant" }, ""],
    ["3: a form", "ended", 400, "error=invalid_grant", "application/x-www-form-urlencoded"],
    ["3: behind a byte order mark", "ended", 400, '\uFEFF{"error":"invalid_grant"}'],
    ["4: invalid_client", "misconfigured", 401, { error: "invalid_client" }],
    ["4: invalid_client with 200", "misconfigured", 200, { error: "invalid_client" }],
    ["4: unauthorized_client", "misconfigured", 400, { error: "unauthorized_client" }],
    ["4: unsupported_grant_type", "misconfigured", 400, { error: "unsupported_grant_type" }],
    ["4: invalid_target", "misconfigured", 400, { error: "invalid_target" }],
    ["4: 404, a page", "misconfigured", 404, html, "text/html"],
    ["4: 404, empty", "misconfigured", 404, null],
    ["4: 404, another error", "misconfigured", 404, { error: "slow_down" }],
    ["4: 405", "misconfigured", 405, html, "text/html"],
    ["5: temporarily_unavailable", "unavailable", 400, { error: "temporarily_unavailable" }],
    ["5: server_error", "unavailable", 400, { error: "server_error" }],
    ["5: slow_down", "unavailable", 400, { error: "slow_down" }],
    ["5: with 200", "unavailable", 200, { error: "temporarily_unavailable" }],
    ["6: a page", "unavailable", 403, html, "text/html"],
    ["6: a page that is called JSON", "unavailable", 400, html],
    ["6: half a JSON", "unavailable", 400, '{"error":"invalid_grant"'],
    ["6: text", "unavailable", 400, "Bad Request", "text/plain"],
    ["6: a form without an error", "unavailable", 400, html, "application/x-www-form-urlencoded"],
    ["6: more than 64 KiB", "unavailable", 400, JSON.stringify({ error: "invalid_grant" }).padEnd(65_537)],
    ["7: {}", "unknown", 200, {}],
    ["7: empty", "unknown", 200, null],
    ["7: 204", "unknown", 204, null],
    ["7: a list", "unknown", 200, "[]"],
    ["7: null", "unknown", 200, "null"],
    ["7: a page", "unknown", 200, html, "text/html"],
    ["7: half a JSON", "unknown", 200, '{"access_token":"canary'],
    ["7: an empty error", "unknown", 200, { error: "" }],
    ["7: an error that is null", "unknown", 200, { error: null }],
    ["7: a token that is none", "unknown", 200, { access_token: 5 }],
    ["8: another error", "refused", 400, { error: "invalid_request" }],
    ["8: another error with 200", "refused", 200, { error: "bad_refresh_token" }],
    ["8: ok is false", "refused", 200, { ok: false }],
    ["8: an error that is an object", "refused", 400, { error: { code: 190 } }],
    ["8: such a one with 200", "refused", 200, { error: { code: 190 } }],
    ["8: an error that is a number", "refused", 400, { error: 5 }],
    ["8: an error that is a list", "refused", 400, { error: ["invalid_grant"] }],
    ["8: no error", "refused", 401, {}],
    ["8: empty", "refused", 400, null],
    ["8: blanks", "refused", 401, " \r\n"],
    ["8: a list", "refused", 400, "[]"],
    ["8: a text in quotes", "refused", 400, '"no"'],
    ["8: a form", "refused", 401, "error=expired", "application/x-www-form-urlencoded"],
    ["8: Invalid_Grant is another word", "refused", 400, { error: "Invalid_Grant" }],
  ])("A25 line %s: %s", async (_line, outcome, status, body, type) => {
    const error = await failure(refreshTokens(clientWith(), tokens, answering(status, body, type)));
    expect(error).toMatchObject({ name: "TokenRequestError", outcome, status });
    expect(error.hint).not.toBe("");
  });

  // How providers answer a refresh token that is dead, as their users reported it.
  it.each<[who: string, TokenRequestOutcome, status: number, body: Body, type?: string]>([
    ["RFC 6749", "ended", 400, { error: "invalid_grant" }],
    ["Atlassian", "ended", 403, { error: "invalid_grant", error_description: "Unknown or invalid refresh token." }],
    ["a gateway, empty", "refused", 400, null],
    ["a gateway, empty", "refused", 401, ""],
    ["X", "refused", 400, { error: "invalid_request", error_description: "Token has been revoked" }],
    ["GitHub", "refused", 200, { error: "bad_refresh_token", error_description: "The refresh token is incorrect." }],
    ["GitHub, a form", "refused", 200, "error=bad_refresh_token", "application/x-www-form-urlencoded; charset=utf-8"],
    ["Slack", "refused", 200, { ok: false, error: "invalid_refresh_token" }],
    ["Twitch", "refused", 400, { status: 400, message: "Invalid refresh token" }],
    ["Strava", "refused", 400, { message: "Bad Request", errors: [{ resource: "RefreshToken", code: "invalid" }] }],
    ["Fitbit", "refused", 401, { errors: [{ errorType: "invalid_grant" }], success: false }],
    ["Fitbit at its end", "refused", 410, { errors: [{ errorType: "gone" }] }],
    ["Facebook", "refused", 400, { error: { message: "Error validating access token", code: 190 } }],
    ["HubSpot", "refused", 400, { status: "BAD_REFRESH_TOKEN", message: "missing or invalid refresh token" }],
    ["a bare message", "refused", 401, { message: "Unauthorized" }],
    ["another error", "refused", 403, { error: "access_denied" }],
    ["JSON as text", "refused", 401, { error: "token_expired" }, "text/plain"],
    ["a page", "misconfigured", 404, html, "text/html"],
  ])("a dead refresh token is never an outage: %s, %s", async (_who, outcome, status, body, type) => {
    const error = await failure(refreshTokens(clientWith(), tokens, answering(status, body, type)));
    expect(error).toMatchObject({ outcome, status });
  });

  it("is the same for every kind of request, but a client's own tokens have no grant that could end", async () => {
    const client = clientWith();
    const dead = answering(400, { error: "invalid_grant" });
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    expect(await failure(exchangeCode(client, callback, "v".repeat(43), dead))).toMatchObject({ outcome: "ended" });
    expect(await failure(requestClientCredentials(client, {}, dead))).toMatchObject({ outcome: "refused" });
  });
});

describe("a provider's own reading of its answers", () => {
  const kinds: string[] = [];
  const slack: AnswerRule = ({ request, members }) => {
    kinds.push(request);
    if (members.error === "ratelimited") return "unavailable";
    return members.error === "invalid_refresh_token" || members.error === "invalid_client" ? "ended" : undefined;
  };

  it.each<[what: string, TokenRequestOutcome, status: number, body: Body]>([
    ["what it names", "ended", 200, { ok: false, error: "invalid_refresh_token" }],
    ["what passes", "unavailable", 200, { ok: false, error: "ratelimited" }],
    ["before the lines below", "ended", 401, { error: "invalid_client" }],
    ["after line 1", "unavailable", 500, { error: "invalid_refresh_token" }],
    ["leaving the rest to the table", "refused", 200, { ok: false, error: "internal_error" }],
    ["leaving the rest to the table", "ended", 400, { error: "invalid_grant" }],
  ])("is line 2: %s", async (_what, outcome, status, body) => {
    expect(await failure(refreshTokens(clientWith(slack), tokens, answering(status, body)))).toMatchObject({ outcome });
  });

  it("is told which request was answered", async () => {
    const client = clientWith(slack);
    kinds.length = 0;
    const no = answering(400, { error: "no" });
    await failure(exchangeCode(client, readCallback(client, "code=c&state=s", { state: "s" }), "v".repeat(43), no));
    await failure(refreshTokens(client, tokens, no));
    await failure(requestClientCredentials(client, {}, no));
    await failure(revokeToken(client, "t", no));
    expect(kinds).toEqual(["code", "refresh", "clientCredentials", "revoke"]);
  });

  it("is not asked about tokens that arrived", async () => {
    const strict: AnswerRule = () => "ended";
    const fresh = await refreshTokens(clientWith(strict), tokens, answering(200, { access_token: "t", ok: false }));
    expect(fresh.accessToken).toBe("t");
  });

  it("is a pure function of what was read", () => {
    const answer: TokenAnswer = { request: "refresh", status: 400, body: "json", members: { error: "ratelimited" } };
    expect([outcomeOf(answer, slack), outcomeOf(answer)]).toEqual(["unavailable", "refused"]);
  });
});
