import { describe, expect, it } from "vitest";
import { readRedirectUri } from "./redirect-uri.ts";

const baseUrl = new URL("https://app.example/shop");
const read = (options: { redirectUri?: string; callbackPath?: string }) =>
  readRedirectUri(options, baseUrl, "/shop", "/auth/callback");

describe("redirect URI", () => {
  it("is the callback below baseUrl", () => {
    expect(read({})).toBe("https://app.example/shop/auth/callback");
    expect(read({ callbackPath: "/signed-in" })).toBe("https://app.example/shop/signed-in");
  });

  it("is the registered one byte for byte, since providers compare it so", () => {
    const redirectUri = "HTTPS://app.example:443/%63b?b=2&a=1";
    expect(read({ redirectUri })).toBe(redirectUri);
  });

  it("is on the origin of baseUrl, where the login cookie is", () => {
    for (const redirectUri of [
      "https://other.example/cb",
      "http://app.example/cb",
      "https://app.example:8443/cb",
      "/cb",
    ]) {
      expect(() => read({ redirectUri })).toThrow("It must be on the origin of baseUrl, https://app.example");
    }
  });

  it("is not said twice", () => {
    const both = { redirectUri: "https://app.example/cb", callbackPath: "/cb" };
    expect(() => read(both)).toThrow("Give redirectUri or callbackPath, not both.");
  });

  it("has a path that a router can compare", () => {
    expect(() => read({ callbackPath: "signed-in/" })).toThrow("callbackPath");
  });
});
