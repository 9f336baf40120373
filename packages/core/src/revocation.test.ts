import { describe, expect, it } from "vitest";
import { createClient, secretBasic } from "./client.ts";
import { revokeToken } from "./oauth-client.ts";
import { defineProvider, type Provider, type ProviderInput } from "./provider.ts";
import { revocableToken } from "./revocation.ts";
import { buildRevocationRequest } from "./token-request.ts";
import { createTokens } from "./tokens.ts";

function providerWith(more: Partial<ProviderInput> = {}): Provider {
  return defineProvider({
    ...{ name: "as", issuer: "https://as.example" },
    ...{ authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "https://as.example/token" },
    ...{ revocationEndpoint: "https://as.example/apps/{client_id}/token", ...more },
  });
}

const clientOf = (provider: Provider) =>
  createClient({
    ...{
      provider,
      clientId: "id/1",
      redirectUri: "https://app.example/cb",
      authentication: secretBasic("a-long-secret"),
    },
  });
const request = (revocation: ProviderInput["revocation"]) =>
  buildRevocationRequest(clientOf(providerWith({ revocation })), "the-token", { more: "1" });
const url = "https://as.example/apps/id%2F1/token";

describe("a revocation", () => {
  it("by bearer is proved by the token and has no body", async () => {
    const { headers, ...rest } = await request({ by: "bearer" });
    expect([rest, [...headers]]).toEqual([
      { url, method: "POST", body: null },
      [["authorization", "Bearer the-token"]],
    ]);
  });

  it("by form posts another field", async () => {
    const { headers, body, ...rest } = await request({ by: "form", field: "access_token" });
    expect([rest, String(body)]).toEqual([{ url, method: "POST" }, "access_token=the-token&more=1"]);
    expect(headers.get("authorization")).toMatch(/^Basic /);
  });

  it("by JSON says so", async () => {
    const { headers, body, ...rest } = await request({ by: "json", field: "access_token", method: "DELETE" });
    expect([rest, JSON.parse(String(body))]).toEqual([
      { url, method: "DELETE" },
      { access_token: "the-token", more: "1" },
    ]);
    expect([headers.get("content-type"), headers.get("authorization")]).toEqual([
      "application/json",
      expect.stringMatching(/^Basic /),
    ]);
  });

  it.each([{ by: "bearer" }, { by: "form", field: "access_token" }, { by: "json", field: "access_token" }] as const)(
    "sends $by without a hint, and shows no secret that comes back",
    async (revocation) => {
      const sent: unknown[] = [];
      const client = clientOf(providerWith({ revocation }));
      const answer = revokeToken(client, "the-token", {
        kind: "access_token",
        fetch: async (_input, init) => {
          sent.push(init?.body);
          return Response.json({ error: "unknown", error_description: "the-token is unknown" }, { status: 400 });
        },
      });
      await expect(answer).rejects.toMatchObject({ error: "unknown", errorDescription: undefined });
      expect(String(sent)).not.toContain("hint");
      expect(sent).toEqual([revocation.by === "bearer" ? null : expect.any(String)]);
    },
  );
});

describe("revocableToken", () => {
  const tokens = createTokens({
    ...{ accessToken: "a", tokenType: "Bearer", expiresIn: null, scope: [], refreshToken: "r", createdAt: 0 },
    authorizedAt: 0,
  });

  it("is the refresh token, what is there, or what the provider takes", () => {
    const access = { token: "a", kind: "access_token" };
    expect(revocableToken(providerWith(), tokens)).toEqual({ token: "r", kind: "refresh_token" });
    expect(revocableToken(providerWith(), createTokens({ ...tokens, refreshToken: null }))).toEqual(access);
    expect(revocableToken(providerWith({ revocation: { by: "bearer", token: "access_token" } }), tokens)).toEqual(
      access,
    );
  });

  it("is nothing without an endpoint", () => {
    expect(revocableToken(providerWith({ revocationEndpoint: undefined }), tokens)).toBe(null);
  });
});
