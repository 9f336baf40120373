import { describe, expect, it } from "vitest";
import {
  type AnswerRule,
  readTokenResponse,
  type TokenContext,
  type TokenRequestError,
  type TokenRequestKind,
} from "./index.ts";

const now = Date.parse("2026-11-01T00:00:00Z");
const context: TokenContext = { scope: [], refreshToken: "old", createdAt: now, authorizedAt: 0 };

async function failure(
  status: number,
  body: unknown,
  init: { headers?: Record<string, string>; look?: object; request?: TokenRequestKind; rule?: AnswerRule } = {},
): Promise<TokenRequestError> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "Content-Type": "application/json", ...init.headers };
  const response = new Response(status === 304 ? null : text, { status, headers });
  const look = Object.entries(init.look ?? {}).map(([name, value]) => [name, { value }]);
  const seen = Object.defineProperties(response, Object.fromEntries(look));
  const provider = init.rule && { answer: { error: init.rule } };
  return readTokenResponse(seen, { ...context, request: init.request, provider }).then(
    () => Promise.reject(new Error("The answer was accepted.")),
    (error) => error,
  );
}

describe("the error of a token request", () => {
  it.each([
    [400, { error: "invalid_grant" }, "token_request_refused", "ended"],
    [400, { error: "invalid_request" }, "token_request_refused", "refused"],
    [200, { error: "bad_verification_code" }, "token_request_refused", "refused"],
    [400, {}, "token_request_refused", "refused"],
    [401, "", "token_request_refused", "refused"],
    [401, { error: "invalid_client" }, "client_authentication_failed", "misconfigured"],
    [403, { error: "unauthorized_client" }, "provider_misconfigured", "misconfigured"],
    [404, "Not found", "provider_misconfigured", "misconfigured"],
    [400, { error: "temporarily_unavailable" }, "provider_unavailable", "unavailable"],
    [403, "<html>", "provider_unavailable", "unavailable"],
    [500, { error: "invalid_grant" }, "provider_unavailable", "unavailable"],
    [429, { error: "invalid_grant" }, "rate_limited", "unavailable"],
    [302, "", "token_endpoint_redirected", "unavailable"],
    [308, "", "token_endpoint_redirected", "unavailable"],
    [200, {}, "invalid_token_response", "unknown"],
  ])("A25 of %i %j has the code %s, the outcome %s, and a hint", async (status, body, code, outcome) => {
    const error = await failure(status, body);
    expect(error).toMatchObject({ code, outcome, status });
    expect(error.hint).toMatch(/^[A-Z].+\.$/);
  });

  it.each([
    [400, { error: "invalid_request" }, "invalid_request"],
    [400, { error: "temporarily_unavailable" }, "temporarily_unavailable"],
    [400, { error: { code: 190 } }, undefined],
    [400, { error: 5 }, undefined],
    [400, { error: "" }, undefined],
    [500, { error: "invalid_grant" }, undefined],
  ])("has the provider's code where it sent one: %i %j", async (status, body, expected) => {
    const error = await failure(status, body);
    expect(error.error).toBe(expected);
    expect(error.message).toBe(`The provider answered with ${expected ?? `status ${status}`}.`);
  });

  it.each(["temporarily_unavailable", "server_error", "invalid_grant", "invalid_client", "other"])(
    "A25 hands on what the provider says about %s",
    async (error) => {
      const body = { error, error_description: "back at noon" };
      expect((await failure(400, body)).errorDescription).toBe("back at noon");
    },
  );

  it("A14 sanitises error and error_description", async () => {
    const error = await failure(400, { error: 'a"\r\nb', error_description: `<\u202E${"x".repeat(1000)}` });
    expect(error.error).toBe('a"??b');
    expect(error.errorDescription).toMatch(/^<\?x{298}$/);
    expect(error.message).not.toContain("xx");
  });

  it("speaks of a code where one was sent, and of the refresh token else", async () => {
    const dead = { error: "invalid_grant" };
    expect((await failure(400, dead, { request: "code" })).hint).toContain("code");
    expect((await failure(400, dead, { request: "refresh" })).hint).toContain("refresh token");
    expect((await failure(503, dead, { request: "refresh" })).hint).toContain("the tokens you have stay valid");
  });

  it("speaks of the client's authentication only where the provider's own rule does not see it otherwise", async () => {
    const error = await failure(400, { error: "invalid_client" }, { rule: () => "refused" });
    expect(error).toMatchObject({ code: "token_request_refused", outcome: "refused" });
  });

  it.each([
    ["5", 5],
    ["86400", 86_400],
    ["Sun, 01 Nov 2026 00:00:30 GMT", 30],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
    ["-1", undefined],
    ["Sun, 01 Nov 2026 00:00:30 GMT+0100", undefined],
    ["X Sun, 01 Nov 2026 00:00:30 GMT", undefined],
    ["abc", undefined],
    ["1.5", undefined],
    ["5, 10", undefined],
    ["", undefined],
  ])("A25 reads Retry-After %j as %j, with any status", async (value, expected) => {
    for (const status of [400, 404, 429, 500, 503]) {
      expect((await failure(status, "", { headers: { "Retry-After": value } })).retryAfter).toBe(expected);
    }
  });

  it.each([
    ["one that was followed", { redirected: true }, "unknown"],
    ["one that fetch hides", { type: "opaqueredirect", status: 0, ok: false }, "unavailable"],
    ["the first status of its kind", { status: 300, ok: false }, "unavailable"],
  ])("A32 is that of a redirect: %s", async (_what, look, outcome) => {
    const error = await failure(200, { access_token: "t" }, { look });
    expect(error).toMatchObject({ code: "token_endpoint_redirected", outcome });
  });
});
