import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import { readAccountOf } from "./account-of.ts";
import type { NewLogin } from "./login-handler.ts";

const { ways } = settingsWith();
const { profile: _profile, ...silent } = spotify;
const waysOf = (provider: typeof spotify) => settingsWith({ provider }).ways;
const login = (change: object) =>
  ({ claims: null, profile: async () => ({ id: "of the profile" }), ...change }) as unknown as NewLogin;

it("an account is what the provider has verified, else what its profile says", async () => {
  const accountOf = readAccountOf({}, ways);
  expect(await accountOf(login({ claims: { sub: "verified" } }))).toBe("verified");
  expect(await accountOf(login({ claims: {} }))).toBe("of the profile");
  expect(await accountOf(login({}))).toBe("of the profile");
});

it("an account is what the app says, where it says so", async () => {
  const own = () => "own";
  expect(readAccountOf({ accountOf: own }, ways)).toBe(own);
});

it("a provider that does not say who somebody is is told of before anybody logs in, unless it checks an ID token", () => {
  const mute = defineProvider(silent);
  expect(() => readAccountOf({}, waysOf(mute))).toThrow(/spotify has no profile.*accountOf: async \(login\)/i);
  const checking = { ...mute, checkTokens: async () => ({}) } as unknown as typeof spotify;
  expect(() => readAccountOf({}, waysOf(checking))).not.toThrow();
});
