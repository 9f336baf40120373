import { type Authenticator, createTokens, staticAuthenticator } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { sdkStrategy } from "./spotify-sdk.ts";

const tokens = createTokens({
  accessToken: "canary-access",
  tokenType: "Bearer",
  expiresIn: 60,
  scope: ["a"],
  refreshToken: "canary-refresh",
  createdAt: 1_000,
  authorizedAt: 1_000,
});

describe("sdkStrategy", () => {
  it("gives the SDK an access token and never the refresh token", async () => {
    const strategy = sdkStrategy(staticAuthenticator(tokens));
    const expected = {
      access_token: "canary-access",
      token_type: "Bearer",
      expires_in: 60,
      refresh_token: "",
      expires: 61_000,
    };
    expect(await strategy.getOrCreateAccessToken()).toEqual(expected);
    expect(await strategy.getAccessToken()).toEqual(expected);
  });

  it("names no moment at which a token ends whose lifetime is unknown", async () => {
    const token = await sdkStrategy(staticAuthenticator("t")).getAccessToken();
    expect(token).toMatchObject({ access_token: "t", expires_in: 3600 });
    expect(token).not.toHaveProperty("expires");
  });

  it("asks the authenticator each time, who knows what is valid now, and hands on its refusal", async () => {
    const refusal = new Error("Only a new login helps.");
    const given = ["first", "second"];
    const authenticator: Authenticator = {
      async tokens() {
        const accessToken = given.shift();
        if (accessToken === undefined) throw refusal;
        return { ...tokens, accessToken };
      },
    };
    const strategy = sdkStrategy(authenticator);
    expect((await strategy.getOrCreateAccessToken()).access_token).toBe("first");
    expect((await strategy.getOrCreateAccessToken()).access_token).toBe("second");
    await expect(strategy.getOrCreateAccessToken()).rejects.toBe(refusal);
  });

  it("takes over the SDK's requests to Spotify with its own token, and no other", async () => {
    const seen: string[] = [];
    const plain = async (input: unknown, init?: RequestInit): Promise<Response> => {
      seen.push(`${String(input)} ${new Headers(init?.headers).get("Authorization")} ${init?.redirect}`);
      return new Response();
    };
    const configuration = { fetch: plain };
    const strategy = sdkStrategy(staticAuthenticator(tokens));
    strategy.setConfiguration(configuration);
    const { access_token } = await strategy.getOrCreateAccessToken();
    const headers = { Authorization: `Bearer ${access_token}` };
    await configuration.fetch("https://api.spotify.com/v1/me", { headers });
    await configuration.fetch("https://api.spotify.com.evil.example/v1/me", { headers });
    await configuration.fetch("https://api.spotify.com/v1/me", { headers: { Authorization: "Bearer theirs" } });
    await configuration.fetch("https://api.spotify.com/v1/me");
    expect(seen).toEqual([
      "https://api.spotify.com/v1/me Bearer canary-access manual",
      "https://api.spotify.com.evil.example/v1/me Bearer canary-access undefined",
      "https://api.spotify.com/v1/me Bearer theirs undefined",
      "https://api.spotify.com/v1/me null undefined",
    ]);
    expect(() => strategy.setConfiguration(undefined)).not.toThrow();
  });

  it("is not ended by the SDK: the session is ours", async () => {
    const strategy = sdkStrategy(staticAuthenticator(tokens));
    strategy.setConfiguration({});
    strategy.removeAccessToken();
    expect(await strategy.getAccessToken()).toMatchObject({ access_token: "canary-access" });
  });
});
