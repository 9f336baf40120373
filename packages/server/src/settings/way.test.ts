import { type Provider, secretPost } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { twitch } from "@pixy/providers/twitch";
import { describe, expect, it } from "vitest";
import { secret } from "../../test/settings.ts";
import type { PixyOptions } from "./options.ts";
import { readOptions } from "./settings.ts";

const good = { clientId: "client", baseUrl: "https://app.example", secret };
const read = (options: object) => readOptions({ ...good, ...options } as PixyOptions<unknown>);

describe("a way to log in", () => {
  it("asks nobody as it is made, and is checked as far as it can be without its provider", () => {
    let asked = 0;
    const provider = (): Promise<Provider> => {
      asked += 1;
      return Promise.resolve(spotify);
    };
    const [way] = read({ provider }).ways;
    expect([way.provider.isFound, way.provider.known, way.name, asked]).toEqual([true, null, "the provider", 0]);
    expect(() => read({ provider, clientId: "" })).toThrow(expect.objectContaining({ option: "clientId" }));
    expect(() => read({ provider, scope: "a" })).toThrow(expect.objectContaining({ option: "scope" }));
    expect(() => read({ provider, redirectUri: "https://other.example/cb" })).toThrow(
      expect.objectContaining({ option: "redirectUri" }),
    );
    expect(() => read({ provider, clientAuthentication: secretPost(secret) })).toThrow(
      expect.objectContaining({ code: "invalid_secret" }),
    );
    expect(asked).toBe(0);
  });

  it("names the option as the app does where a provider without PKCE wants a secret", async () => {
    const unprotected = {
      code: "invalid_option",
      option: "clientAuthentication",
      hint: expect.stringContaining("clientAuthentication"),
    };
    expect(() => read({ provider: twitch })).toThrow(expect.objectContaining(unprotected));
    const [way] = read({ provider: async () => twitch }).ways;
    await expect(way.provider.find()).rejects.toMatchObject({ cause: unprotected });
  });

  it("is misconfigured where the provider that is found has a rule against the redirect URI", async () => {
    const [way] = read({ provider: async () => spotify, baseUrl: "http://localhost:3000" }).ways;
    await expect(way.provider.find()).rejects.toMatchObject({
      code: "provider_misconfigured",
      cause: { code: "spotify_redirect_localhost" },
    });
  });

  it("warns of a provider that rotates as it is found, once", async () => {
    const codes: string[] = [];
    const rotating = { ...spotify, refreshTokens: { ...spotify.refreshTokens, rotation: "rotating" as const } };
    const { ways } = read({
      provider: async () => rotating,
      onEvent: (event: { readonly code?: string }) => void codes.push(event.code ?? ""),
    });
    expect(codes).toEqual([]);
    for (let count = 0; count < 2; count++) await ways[0].provider.find();
    expect(codes).toEqual(["rotation_needs_a_store"]);
  });

  it("makes one client for everybody, and one of their own for those who brought a client id", () => {
    const [way] = read({ provider: spotify }).ways;
    expect(way.client(spotify)).toBe(way.client(spotify, "client"));
    expect(way.client(spotify, "own")).toMatchObject({ clientId: "own", redirectUri: way.redirectUri });
  });
});
