import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import type { WayOptions } from "./options.ts";
import { contextOf, readContext, recall, remember } from "./remembered-provider.ts";

const other = defineProvider({
  name: "other",
  issuer: "https://other.example",
  authorizationEndpoint: "https://other.example/authorize",
  tokenEndpoint: "https://other.example/token",
  revocationEndpoint: "https://other.example/revoke",
});
const alone: WayOptions = { provider: spotify, clientId: "client-of-the-app" };
const several = (providers: Readonly<Record<string, WayOptions>>) =>
  settingsWith({ provider: undefined, clientId: undefined, providers } as never);
const cookie = "__Host-pixy";

describe("a remembered provider", () => {
  it("is named by what a seal is bound to", () => {
    const settings = several({ one: alone, two: { provider: other, clientId: "b" } });
    const two = { provider: "two", issuer: other.issuer, tokenEndpoint: null };
    const context = contextOf(settings, two, cookie);
    expect(context).toEqual([other.issuer, "b", cookie, "two"]);
    expect(readContext(settings, context, cookie)).toEqual({ provider: "two", issuer: other.issuer });
  });

  it.each([
    ["another cookie", [spotify.issuer, "client-of-the-app", "__Host-other", "one"]],
    ["another client", [spotify.issuer, "another", cookie, "one"]],
    ["another issuer", [other.issuer, "client-of-the-app", cookie, "one"]],
    ["a key that is not there", [spotify.issuer, "client-of-the-app", cookie, "three"]],
    ["more than there is", [spotify.issuer, "client-of-the-app", cookie, "one", ""]],
    ["nothing", []],
  ])("is none for %s", (_what, context) => {
    expect(readContext(several({ one: alone }), context, cookie)).toBeNull();
  });

  it("is another one under another key, also with the same issuer and client id", () => {
    const settings = several({ one: alone, two: alone });
    const context = contextOf(settings, { provider: "two", issuer: spotify.issuer, tokenEndpoint: null }, cookie);
    expect(readContext(settings, context, cookie)?.provider).toBe("two");
  });

  it("of before there were several is the first with the same issuer and client id", () => {
    const before = contextOf(settingsWith(), { provider: null, issuer: spotify.issuer, tokenEndpoint: null }, cookie);
    const settings = several({ zero: { provider: other, clientId: "client-of-the-app" }, one: alone, two: alone });
    expect(readContext(settings, before, cookie)).toEqual({ provider: "one", issuer: spotify.issuer });
    expect(readContext(several({ zero: { ...alone, clientId: "b" } }), before, cookie)).toBeNull();
  });

  it("of one among several is none of the only one's", () => {
    expect(readContext(settingsWith(), [spotify.issuer, "client-of-the-app", cookie, "one"], cookie)).toBeNull();
  });

  it("is not trusted where another issuer was found in its place", async () => {
    const settings = settingsWith({ provider: () => Promise.resolve(other) });
    const remembered = { provider: null, issuer: spotify.issuer, tokenEndpoint: spotify.tokenEndpoint };
    // Before it is found, what was sealed may be its own.
    expect(readContext(settings, contextOf(settings, remembered, cookie), cookie)).not.toBeNull();
    await expect(recall(settings, remembered)).rejects.toMatchObject({ code: "login_required" });
    expect(readContext(settings, contextOf(settings, remembered, cookie), cookie)).toBeNull();
  });

  it("keeps its token endpoint where the metadata names one at another origin by now", async () => {
    const tokenEndpoint = "https://evil.example/token";
    const settings = settingsWith({ provider: () => Promise.resolve({ ...other, tokenEndpoint }) });
    const [way] = settings.ways;
    await way.provider.find();
    const { provider } = await recall(
      settings,
      remember({ ...way, provider: { ...way.provider, isFound: true } }, other),
    );
    expect(provider).toMatchObject({
      tokenEndpoint: other.tokenEndpoint,
      revocationEndpoint: other.revocationEndpoint,
    });
    expect(await way.provider.find()).toMatchObject({ tokenEndpoint });
  });

  it("goes with its metadata inside one origin", async () => {
    const tokenEndpoint = "https://other.example/v2/token";
    const settings = settingsWith({ provider: () => Promise.resolve({ ...other, tokenEndpoint }) });
    const remembered = { provider: null, issuer: other.issuer, tokenEndpoint: other.tokenEndpoint };
    expect((await recall(settings, remembered)).provider.tokenEndpoint).toBe(tokenEndpoint);
  });
});
