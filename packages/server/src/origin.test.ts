import { describe, expect, it } from "vitest";
import { incoming, settingsWith } from "../test/settings.ts";
import { canonicalLocation, publicPath } from "./origin.ts";

describe("the public path", () => {
  it("has the base path, also where a proxy has taken it off", () => {
    const settings = settingsWith({ baseUrl: "https://app.example/shop" });
    const paths = ["/me?page=2", "/shop/me", "/shop", "/shop?page=2", "/shopping"];
    expect(paths.map((path) => publicPath(settings, incoming(path)))).toEqual([
      "/shop/me?page=2",
      "/shop/me",
      "/shop",
      "/shop?page=2",
      "/shop/shopping",
    ]);
  });

  it("is the path as it is for an app at the root", () => {
    expect(publicPath(settingsWith(), incoming("/me?page=2"))).toBe("/me?page=2");
  });
});

describe("the canonical location", () => {
  const settings = settingsWith({ baseUrl: "http://127.0.0.1:3000/shop" });
  const locationFor = (host: string | null) =>
    canonicalLocation(settings, incoming("/auth/login?returnTo=/me", host === null ? {} : { host }));

  it("is where a visit to another loopback name belongs", () => {
    for (const host of ["localhost:3000", "[::1]:3000", "localhost"]) {
      expect(locationFor(host)).toBe("http://127.0.0.1:3000/shop/auth/login?returnTo=/me");
    }
  });

  it("is nowhere for the right name, and for names that are none of this machine's", () => {
    for (const host of ["127.0.0.1:3000", null, "evil.example", "localhost.evil.example", "a b", ""]) {
      expect(locationFor(host)).toBeNull();
    }
  });

  it("is nowhere for an app on https: the names of a public host are the proxy's business", () => {
    const onHttps = settingsWith();
    for (const host of ["localhost:3000", "www.app.example"]) {
      expect(canonicalLocation(onHttps, incoming("/auth/login", { host }))).toBeNull();
    }
  });
});
