import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { type ConnectingOptions, createAuth } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createConnectApp } from "../lib/connect-app.ts";
import { otherSecret, secret } from "../lib/web-app.ts";

const registration = { provider: spotify, clientId: "client" };
const grants = createGrants({ providers: { spotify: registration }, secret, store: memoryStore({ now: () => 0 }) });
const options = { grants, baseUrl: "https://app.example", ownerOf: () => null, accountOf: () => "id" };
const create = (change: object) => createAuth({ ...options, ...change } as ConnectingOptions);

describe("an app that takes its provider from grants", () => {
  it.each([
    [{ provider: spotify }, "provider", /comes from `grants`/],
    [{ clientId: "client" }, "clientId", /comes from `grants`/],
    [{ secret: otherSecret }, "secret", /comes from `grants`/],
    [{ providers: { spotify: registration } }, "providers", /comes from `grants`/],
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

  it("has a callback for each of several providers", () => {
    const several = createGrants({
      ...{ providers: { one: registration, two: { ...registration, clientId: "other" } }, secret },
      store: memoryStore({ now: () => 0 }),
    });
    const { settings } = create({ grants: several, name: "several" });
    expect(settings.ways.map(({ callbackPath }) => callbackPath)).toEqual(["/auth/callback/one", "/auth/callback/two"]);
  });

  it("says what is missing where an app without grants connects", async () => {
    const auth = createAuth({ ...registration, secret, baseUrl: "https://app.example" });
    const handle = createConnectApp().auth.open({ method: "POST", url: "/", header: () => null });
    await expect(auth.connect(handle as never, { owner: "x" })).rejects.toMatchObject({ option: "grants" });
  });
});
