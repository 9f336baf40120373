import { defineProvider, type KeptMembers, type Tokens } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/content.ts";
import { recalledOf, settingsWith } from "../../test/settings.ts";
import type { Settings } from "../settings/settings.ts";
import { newLogin as make } from "./new-login.ts";

const newLogin = (settings: Settings<undefined>, clientId: string, tokens: Tokens, kept: KeptMembers = {}) =>
  make(settings, clientId, { recalled: recalledOf(settings), tokens, claims: null, kept, posted: {} });

describe("a new login", () => {
  it("says what was granted, to which client and when", () => {
    const login = newLogin(settingsWith(), "own-client", tokensWith({ scope: ["a", "b"] }));
    expect(login).toMatchObject({ scope: ["a", "b"], clientId: "own-client", authorizedAt: new Date(moment) });
    expect(login.accessToken()).toBe("access");
  });

  it("prints no token: what onLogin gets is logged at times", () => {
    expect(JSON.stringify(newLogin(settingsWith(), "client", tokensWith()))).not.toMatch(/access|refresh/);
  });

  it("fetches from the provider's API with the new token", async () => {
    const settings = settingsWith({
      fetch: async (input, init) => {
        const { url, headers } = new Request(input, init);
        return Response.json([url, headers.get("authorization")]);
      },
    });
    const answer = await newLogin(settings, "client", tokensWith()).fetch("/v1/me");
    expect(await answer.json()).toEqual(["https://api.spotify.com/v1/me", "Bearer access"]);
  });

  it("has what the answer was kept of, and fetches from the API that it names", async () => {
    const provider = defineProvider({
      ...{ name: "example", issuer: "https://id.example", authorizationEndpoint: "https://id.example/authorize" },
      ...{ tokenEndpoint: "https://id.example/token", api: "https://id.example", keep: ["at", "id"] },
      apiFrom: { member: "at", hosts: [".id.example"] },
    });
    const settings = settingsWith({
      provider,
      fetch: async (input, init) => new Response(new Request(input, init).url),
    });
    const login = newLogin(settings, "client", tokensWith(), { at: "https://org.id.example", id: "7" });
    expect(login.kept).toEqual({ at: "https://org.id.example", id: "7" });
    expect(await (await login.fetch("/me")).text()).toBe("https://org.id.example/me");
  });

  it("needs an API only where it is asked for one", async () => {
    const provider = defineProvider({
      name: "example",
      issuer: "https://id.example",
      authorizationEndpoint: "https://id.example/authorize",
      tokenEndpoint: "https://id.example/token",
    });
    const login = newLogin(settingsWith({ provider }), "client", tokensWith());
    await expect(login.fetch("/v1/me")).rejects.toMatchObject({ name: "ConfigurationError" });
  });
});
