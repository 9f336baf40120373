import { ConfigurationError, defineProvider } from "@pixy/core";
import { memoryStore } from "@pixy/grants";
import { spotify, spotifyAt } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import type { PixyEvent } from "./events.ts";
import type { PixyOptions } from "./options.ts";
import { readOptions } from "./settings.ts";

const good: PixyOptions<unknown> = {
  provider: spotify,
  clientId: "client",
  baseUrl: "https://app.example",
  secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
};

function refusal(change: Record<string, unknown>): ConfigurationError {
  try {
    readOptions({ ...good, ...change } as PixyOptions<unknown>);
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("The options were taken.");
}

describe("options", () => {
  const bad: readonly (readonly [change: Record<string, unknown>, option: string, says: RegExp])[] = [
    [{ secret: "too-short" }, "secret", /bytes|base64/],
    [{ secret: undefined }, "secret", /missing/],
    [{ baseUrl: "" }, "baseUrl", /empty: is the variable set/],
    [{ baseUrl: "http://app.example" }, "baseUrl", /https:\/\/app\.example/],
    [{ baseUrl: "app.example" }, "baseUrl", /https:\/\/app\.example/],
    [{ baseUrl: "https://user:pass@app.example" }, "baseUrl", /Leave out/],
    [{ baseUrl: "http://localhost:3000" }, "redirectUri", /http:\/\/127\.0\.0\.1:3000\/auth\/callback/],
    [{ baseURL: "https://app.example" }, "baseURL", /no such option.*baseUrl/],
    [{ clientId: "" }, "clientId", /./],
    [{ provider: {} }, "provider", /preset/],
    [{ scope: "user-read-private" }, "scope", /list/],
    [{ scope: ["a b"] }, "scope", /list/],
    [{ authPath: "auth" }, "authPath", /slash/],
    [{ authPath: "/auth/" }, "authPath", /slash/],
    [{ redirectUri: "https://other.example/callback" }, "redirectUri", /https:\/\/app\.example/],
    [{ redirectUri: "https://app.example/cb", callbackPath: "/cb" }, "callbackPath", /not both/],
    [{ name: "a b" }, "name", /letters/],
    [{ name: "__Host-x" }, "name", /letters/],
    [{ session: { absolute: 401 * 86_400 } }, "session.absolute", /400 days/],
    [{ session: { idle: 0 } }, "session.idle", /seconds/],
    [{ session: { persistent: "no" } }, "session.persistent", /`false`/],
    [{ session: { idel: 900 } }, "session.idel", /no such option.*idle, absolute/],
    ...["onLogin", "onEvent", "onError", "fetch", "now", "clientAuthentication"].map(
      (name) => [{ [name]: "x" }, name, /a function/] as const,
    ),
    [{ store: "redis" }, "store", /redisStore\(client\)/],
    [{ store: {} }, "store", /memoryStore\(\)/],
    [{ session: 900 }, "session", /object with idle, absolute/],
    [{ session: null }, "session", /object with idle, absolute/],
    [{ afterLogout: "//evil.example" }, "afterLogout", /path/],
  ];
  for (const [change, option, says] of bad) {
    it(`refuses ${JSON.stringify(change)} and says what to write`, () => {
      const error = refusal(change);
      expect(error.option).toBe(option);
      expect(`${error.message} ${error.hint}`).toMatch(says);
    });
  }

  it("derives everything from baseUrl", () => {
    const settings = readOptions({ ...good, baseUrl: "https://app.example/shop/" });
    expect(settings).toMatchObject({
      basePath: "/shop",
      ways: [{ redirectUri: "https://app.example/shop/auth/callback", callbackPath: "/auth/callback" }],
      loginUrl: "/shop/auth/login",
      afterLogout: "/shop/",
      secure: true,
      cookies: { session: "__Host-pixy", attempt: "__Host-pixy-login-", spent: "__Host-pixy-done" },
    });
  });

  it("keeps a registered redirect URI byte for byte", () => {
    const redirectUri = "https://app.example/cb?b=2&a=1";
    expect(readOptions({ ...good, redirectUri })).toMatchObject({ ways: [{ redirectUri, callbackPath: "/cb" }] });
  });

  it("on http loopback cookies are neither Secure nor prefixed, and named by the port", () => {
    const settings = readOptions({ ...good, baseUrl: "http://127.0.0.1:3001" });
    expect([settings.secure, settings.cookies.session]).toEqual([false, "pixy-3001"]);
  });

  it("never changes the caller's options", () => {
    expect(() => readOptions(Object.freeze({ ...good, scope: Object.freeze(["a"]) as string[] }))).not.toThrow();
  });

  it("warns of a rotating provider with cookie sessions, and of nothing else", () => {
    const events: PixyEvent[] = [];
    const onEvent = (event: PixyEvent) => void events.push(event);
    const rotating = spotifyAt("http://127.0.0.1:4000", { rotation: "rotating" });
    readOptions({ ...good, onEvent });
    readOptions({ ...good, onEvent, provider: rotating, store: memoryStore() });
    expect(events).toEqual([]);
    readOptions({ ...good, onEvent, provider: rotating });
    expect(events).toEqual([expect.objectContaining({ type: "set-up.warning", code: "rotation_needs_a_store" })]);
    expect(JSON.stringify(events)).toMatch(/@pixy\/redis.*@pixy\/postgres.*@pixy\/cloudflare/);
  });

  it("takes any OAuth 2.0 server", () => {
    const provider = defineProvider({
      name: "example",
      issuer: "https://id.example",
      authorizationEndpoint: "https://id.example/authorize",
      tokenEndpoint: "https://id.example/token",
    });
    expect(readOptions({ ...good, provider, baseUrl: "http://localhost:3000" }).ways[0].redirectUri).toBe(
      "http://localhost:3000/auth/callback",
    );
  });
});
