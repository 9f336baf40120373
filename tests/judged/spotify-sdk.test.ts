import { authenticatedFetch, createClient, createTokens, pkceAuthenticator } from "@pixy/core";
import { sdkStrategy, spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, createClock, type Rotation } from "@pixy/testing";
import { type SdkOptions, SpotifyApi } from "@spotify/web-api-ts-sdk";
import { describe, expect, it } from "vitest";

/** Spotify's own TypeScript client, driven by our authenticator in the place of its own. */
function createSdk(rotation: Rotation) {
  const clock = createClock();
  const server = createAuthorizationServer({ clock, rotation, issuer: spotify.issuer });
  const clientId = "client-of-the-app";
  const client = createClient({ provider: spotify, clientId, redirectUri: "http://127.0.0.1:3000/callback" });
  const issued = server.issueTokens({ clientId, person: "ada", scope: ["playlist-read-private"] });
  const moment = clock.now();
  const tokens = createTokens({ ...issued, tokenType: "Bearer", createdAt: moment, authorizedAt: moment });
  const authenticator = pkceAuthenticator(client, tokens, { fetch: server.fetch, now: clock.now });
  const api: NonNullable<SdkOptions["fetch"]> = (input, init) =>
    server.fetch(input instanceof Request ? input.url : input, init);
  return { clock, server, authenticator, api, sdk: new SpotifyApi(sdkStrategy(authenticator), { fetch: api }) };
}

describe("@spotify/web-api-ts-sdk", () => {
  for (const rotation of ["omit", "strict"] as const) {
    it(`makes one refresh out of five parallel calls with an expired token (rotation: ${rotation})`, async () => {
      const { clock, server, sdk } = createSdk(rotation);
      clock.advance(3_600_000);
      const profiles = await Promise.all(Array.from({ length: 5 }, () => sdk.currentUser.profile()));
      expect(new Set(profiles.map((profile) => profile.display_name))).toEqual(new Set(["Ada Lovelace"]));
      expect(server.tokenRequests("refresh_token")).toHaveLength(1);
      expect(server.violations).toEqual([]);
    });

    it(`survives three expiries in a row (rotation: ${rotation})`, async () => {
      const { clock, server, sdk } = createSdk(rotation);
      for (let round = 1; round <= 3; round++) {
        clock.advance(3_600_000);
        expect((await sdk.currentUser.playlists.playlists()).items[0]?.name).toBe("Notes on the Engine");
        expect(server.tokenRequests("refresh_token")).toHaveLength(round);
      }
      expect(server.tokenRequests("refresh_token").map((request) => request.status)).toEqual([200, 200, 200]);
      expect(server.violations).toEqual([]);
    });
  }

  it("does not notice a token that is refused before its expiry: it is renewed once, and the request repeated", async () => {
    const { server, sdk } = createSdk("strict");
    server.fault({ at: "api", kind: "status", status: 401, times: 1 });
    expect((await sdk.currentUser.profile()).display_name).toBe("Ada Lovelace");
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
    expect((await sdk.currentUser.profile()).display_name).toBe("Ada Lovelace");
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("makes one refresh, and no loop, where the API always answers 401", async () => {
    const { server, sdk } = createSdk("omit");
    server.fault({ at: "api", kind: "status", status: 401 });
    for (let call = 0; call < 6; call++)
      await expect(sdk.currentUser.profile()).rejects.toThrow("Bad or expired token");
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("takes our fetch for its own, beside the strategy", async () => {
    const { clock, server, authenticator, api } = createSdk("omit");
    const origins = ["https://api.spotify.com"];
    const fetch = authenticatedFetch(authenticator, { origins, fetch: api as typeof globalThis.fetch });
    const sdk = new SpotifyApi(sdkStrategy(authenticator), { fetch: fetch as NonNullable<SdkOptions["fetch"]> });
    server.fault({ at: "api", kind: "status", status: 401, times: 1 });
    expect((await sdk.currentUser.profile()).display_name).toBe("Ada Lovelace");
    clock.advance(3_600_000);
    expect((await sdk.currentUser.profile()).display_name).toBe("Ada Lovelace");
    expect(server.tokenRequests("refresh_token")).toHaveLength(2);
  });

  it("asks itself once it is driven by another strategy", async () => {
    const { server, sdk } = createSdk("omit");
    const token = { access_token: "theirs", token_type: "Bearer", expires_in: 60, refresh_token: "" };
    const theirs = { getOrCreateAccessToken: async () => token, getAccessToken: async () => token };
    sdk.switchAuthenticationStrategy({ setConfiguration() {}, removeAccessToken() {}, ...theirs });
    await expect(sdk.currentUser.profile()).rejects.toThrow("Bad or expired token");
    expect(server.tokenRequests("refresh_token")).toHaveLength(0);
  });

  it("tells the caller, and does not ask again, when the person removed the app", async () => {
    const { clock, server, sdk } = createSdk("omit");
    clock.advance(3_600_000);
    server.revokeGrants("ada");
    await expect(sdk.currentUser.profile()).rejects.toMatchObject({ name: "ReauthRequiredError" });
    await expect(sdk.currentUser.profile()).rejects.toMatchObject({ name: "ReauthRequiredError" });
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
  });
});
