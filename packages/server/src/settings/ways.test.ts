import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { secret } from "../../test/settings.ts";
import type { PixyOptions } from "./options.ts";
import { readOptions } from "./settings.ts";

const baseUrl = "https://app.example/shop";
const way = { provider: spotify, clientId: "client" };
const read = (options: object) => readOptions({ baseUrl, secret, ...options } as PixyOptions<unknown>);

describe("the ways to log in", () => {
  it("is one, without a key, at the callback that everybody has", () => {
    const { ways } = read({ ...way, scope: ["a", "a"] });
    expect(ways).toMatchObject([{ key: null, label: "spotify", callbackPath: "/auth/callback", scope: ["a"] }]);
    expect(ways[0].redirectUri).toBe("https://app.example/shop/auth/callback");
  });

  it("are several, each with a callback of its own, in the order in which they are given", () => {
    const { ways, provider } = read({
      providers: { two: { ...way, label: "Two" }, one: { ...way, callbackPath: "/cb" } },
    });
    expect(ways).toMatchObject([
      { key: "two", label: "Two", callbackPath: "/auth/callback/two" },
      { key: "one", label: "one", callbackPath: "/cb", redirectUri: "https://app.example/shop/cb" },
    ]);
    expect(provider).toBeNull();
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["none", { providers: {} }, "providers"],
    ["no object", { providers: "google" }, "providers"],
    ["a key of another form", { providers: { Google: way } }, "providers.Google"],
    ["a key of 33 characters", { providers: { ["a".repeat(33)]: way } }, `providers.${"a".repeat(33)}`],
    ["a client id outside", { providers: { google: way }, clientId: "client" }, "clientId"],
    ["a missing client id", { providers: { google: { ...way, clientId: "" } } }, "providers.google.clientId"],
    ["a missing provider", { providers: { google: { clientId: "client" } } }, "providers.google.provider"],
    ["an option of no provider", { providers: { google: { ...way, secret } } }, "providers.google.secret"],
    [
      "one callback for two",
      { providers: { a: way, b: { ...way, callbackPath: "/auth/callback/a" } } },
      "providers.a.callbackPath",
    ],
    ["a long label", { providers: { google: { ...way, label: "x".repeat(65) } } }, "providers.google.label"],
  ])("are refused for %s", (_what, options, option) => {
    expect(() => read(options)).toThrow(expect.objectContaining({ name: "ConfigurationError", option }));
  });
});
