import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { type ConnectingOptions, createAuth } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createConnectApp } from "../lib/connect-app.ts";
import { otherSecret, secret } from "../lib/web-app.ts";

const registration = { provider: spotify, clientId: "client" };
const grants = createGrants({ providers: { spotify: registration }, secret, store: memoryStore({ now: () => 0 }) });
const several = createGrants({
  ...{ providers: { one: registration, two: { ...registration, clientId: "other" } }, secret },
  store: memoryStore({ now: () => 0 }),
});
const options = { grants, baseUrl: "https://app.example", ownerOf: () => null, accountOf: () => "id" };
const create = (change: object) => createAuth({ ...options, ...change } as ConnectingOptions);

describe("an app that takes its provider from grants", () => {
  it.each([
    [{ provider: spotify }, "provider", /comes from `grants`/],
    [{ clientId: "client" }, "clientId", /comes from `grants`/],
    [{ secret: otherSecret }, "secret", /comes from `grants`/],
    [{ providers: { spotify: registration } }, "providers.spotify.provider", /comes from `grants`/],
    [{ grants: {} }, "grants", /createGrants/],
    [{ ownerOf: "user" }, "ownerOf", /request\.user\?\.id/],
    [{ accountOf: undefined, profile: false }, "accountOf", /login\.fetch/],
    [{ onConflict: "merge" }, "onConflict", /"refuse" or "replace"/],
    [{ grants: undefined, ...registration, secret }, "ownerOf", /createGrants/],
  ])("refuses %j", (change, option, message) => {
    const expected = expect.objectContaining({
      code: "invalid_option",
      option,
      message: expect.stringMatching(message),
    });
    expect(() => create(change)).toThrow(expected);
  });

  it("has its client, its secret and one callback, and shows neither secret nor grants", () => {
    const { settings } = create({});
    expect(settings.ways.map(({ clientId, callbackPath }) => [clientId, callbackPath])).toEqual([
      ["client", "/auth/callback"],
    ]);
    expect(Object.keys(settings)).not.toContain("connecting");
  });

  it("offers those of several providers that it names, each with what is its own", () => {
    const { settings } = create({ grants: several, providers: { two: { label: "Two" }, one: {} }, name: "several" });
    const named = settings.ways.map(({ key, clientId, label, callbackPath }) => [key, clientId, label, callbackPath]);
    expect(named).toEqual([
      ["two", "other", "Two", "/auth/callback/two"],
      ["one", "client", "one", "/auth/callback/one"],
    ]);
    // The other one is for jobs.
    const { ways } = create({ grants: several, providers: { two: {} }, name: "fewer" }).settings;
    expect(ways.map(({ key }) => key)).toEqual(["two"]);
  });

  it.each([
    [{}, "providers", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ scope: ["read"] }, "providers", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { one: {} }, scope: ["read"] }, "scope", "give it inside each of them"],
    [{ providers: {} }, "providers", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: ["one"] }, "providers", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: "one" }, "providers", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { three: {} } }, "providers.three", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { constructor: {} } }, "providers.constructor", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { one: ["read"] } }, "providers.one", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { one: null } }, "providers.one", '{ "one": { scope: […] }, "two": { scope: […] } }'],
    [{ providers: { one: { clientId: "client" } } }, "providers.one.clientId", "comes from `grants`"],
    [{ providers: { one: { secret } } }, "providers.one.secret", "comes from `grants`"],
    [{ providers: { one: { provider: spotify } } }, "providers.one.provider", "comes from `grants`"],
    [{ providers: { one: { scope: "read" } } }, "providers.one.scope", "a list with one scope each"],
    [{ providers: { one: { scopes: ["read"] } } }, "providers.one.scopes", "scope"],
  ])("refuses %j with several providers", (change, option, hint) => {
    const expected = { code: "invalid_option", option, hint: expect.stringContaining(hint) };
    expect(() => create({ grants: several, ...change })).toThrow(expect.objectContaining(expected));
  });

  it("says what is missing where an app without grants connects", async () => {
    const auth = createAuth({ ...registration, secret, baseUrl: "https://app.example" });
    const handle = createConnectApp().auth.open({ method: "POST", url: "/", header: () => null });
    await expect(auth.connect(handle as never, { owner: "x" })).rejects.toMatchObject({ option: "grants" });
  });
});
