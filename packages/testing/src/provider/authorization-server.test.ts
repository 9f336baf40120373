import { describe, expect, it } from "vitest";
import { authorizationUrl, callApi, obtainTokens, redirectUri, refresh } from "../../test/fixture.ts";
import { createAuthorizationServer } from "./authorization-server.ts";

describe("an honest login", () => {
  it("ends in tokens, the API answers, and no rule is broken", async () => {
    const server = createAuthorizationServer();
    const tokens = await obtainTokens(server, { scope: "user-read-private playlist-read-private" });
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 3600,
      scope: "user-read-private playlist-read-private",
    });
    const profile = await callApi(server.fetch, tokens.access_token);
    expect(await profile.json()).toMatchObject({ id: "ada-1815", display_name: "Ada Lovelace" });
    const playlists = await callApi(server.fetch, tokens.access_token, "/v1/me/playlists");
    expect(await playlists.json()).toMatchObject({ total: 2 });
    expect((await refresh(server.fetch, tokens.refresh_token)).status).toBe(200);
    expect(server.violations).toEqual([]);
    expect(server.requests.map(({ kind }) => kind)).toEqual(["authorize", "token", "api", "api", "token"]);
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
    expect(server.tokenRequests()[0]?.parameters).toMatchObject({ redirect_uri: redirectUri, client_id: "app" });
  });

  it("works with a preset's real URLs, because only the path counts", async () => {
    const server = createAuthorizationServer();
    const at = "https://accounts.spotify.com";
    const callback = await server.authorize(`${at}${await authorizationUrl("v".repeat(43))}`, { person: "grace" });
    expect(new URL(callback).searchParams.get("state")).toBe("state-of-this-login");
  });

  it("returns a refusal with the state, and an issuer where it is announced", async () => {
    const server = createAuthorizationServer({ issuer: "https://as.example/t1", announceIssuer: true });
    const callback = await server.authorize(await authorizationUrl("v".repeat(43)), { person: "deny" });
    expect(callback).toBe(
      `${redirectUri}?error=access_denied&state=state-of-this-login&iss=https%3A%2F%2Fas.example%2Ft1`,
    );
    const metadata = await server.fetch("/.well-known/oauth-authorization-server/t1");
    expect(await metadata.json()).toMatchObject({
      issuer: "https://as.example/t1",
      authorization_endpoint: "https://as.example/authorize",
      token_endpoint: "https://as.example/api/token",
      authorization_response_iss_parameter_supported: true,
    });
  });
});
