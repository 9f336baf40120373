import { describe, expect, it } from "vitest";
import { readCallbackPath, readRedirectUri } from "./redirect-uri.ts";

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

describe("callback path", () => {
  const pathOf = (path: string, basePath = "/shop") =>
    readCallbackPath(`https://app.example${path}`, basePath, "/auth");

  it("is below the base path and has no final slash, whatever is registered: requests are compared without one", () => {
    expect(
      ["/shop/auth/callback", "/shop/auth/callback/", "/cb/?a=1", "/shop/shop"].map((path) => pathOf(path)),
    ).toEqual(["/auth/callback", "/auth/callback", "/cb", "/shop"]);
  });

  it("is none that another page or route of ours has", () => {
    for (const path of ["/", "/shop", "/shop/", "/shop?a=1", "/shop/auth/login", "/shop/auth/session/"]) {
      expect(() => pathOf(path)).toThrow("It needs a path of its own, such as /shop/auth/callback.");
    }
    for (const path of ["", "/"]) expect(() => pathOf(path, "")).toThrow("such as /auth/callback.");
  });
});
