import { defineProvider } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { incoming, settingsWith } from "../../test/settings.ts";
import { canonicalLocation, publicPath, returnPathOf } from "./origin.ts";

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

describe("the return path of an address of the app", () => {
  // No return path has a backslash; but the page that was asked for may, and its person comes back to it.
  it("has a backslash of the query or the fragment encoded, and none before", () => {
    const paths = [
      "/a?p=C:\\a\\b",
      "/#\\?\\",
      "/?//evil.example\\..\\..",
      "/\\evil.example",
      "/\\evil.example?\\",
      "/a%5Cb",
    ];
    expect(paths.map((path) => returnPathOf(settingsWith(), path))).toEqual([
      "/a?p=C:%5Ca%5Cb",
      "/#%5C?%5C",
      "/?//evil.example%5C..%5C..",
      "/",
      "/",
      "/a%5Cb",
    ]);
  });
});

describe("the canonical location", () => {
  // Spotify takes no localhost.
  const provider = defineProvider({
    name: "example",
    issuer: "https://id.example",
    authorizationEndpoint: "https://id.example/authorize",
    tokenEndpoint: "https://id.example/token",
  });
  const locationAt = (baseUrl: string, host: string | null, path = "/auth/login?returnTo=/me") =>
    canonicalLocation(settingsWith({ provider, baseUrl }), incoming(path, host === null ? {} : { host }), 200);

  it.each([
    [
      "http://127.0.0.1:3000",
      ["localhost:3000", "localhost", "LOCALHOST:3000", "localhost.", "[::1]:3000", "[0:0::1]"],
    ],
    ["http://localhost:3000", ["127.0.0.1:3000", "127.0.0.1", "127.0.0.1.", "[::1]"]],
    ["http://[::1]:3000", ["localhost:3000", "127.0.0.1"]],
  ])("of an app at %s is there for a visit to another loopback name", (baseUrl, hosts) => {
    expect(hosts.map((host) => locationAt(`${baseUrl}/shop`, host))).toEqual(
      hosts.map(() => `${baseUrl}/shop/auth/login?redirected=1&returnTo=/me`),
    );
    expect(locationAt(baseUrl, hosts[0] ?? "", "/auth/login")).toBe(`${baseUrl}/auth/login?redirected=1`);
  });

  it.each([
    ["http://127.0.0.1:8080", ["127.0.0.1:8080", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.", "127.1"]],
    ["http://localhost:8080", ["localhost:8080", "localhost", "LocalHost:1", "localhost."]],
    ["http://[::1]:8080", ["[::1]:8080", "[::1]", "[0:0:0:0:0:0:0:1]:80"]],
  ])("of an app at %s is nowhere for the right name, whatever the port", (baseUrl, hosts) => {
    expect(hosts.map((host) => locationAt(baseUrl, host))).toEqual(hosts.map(() => null));
  });

  it("is nowhere for a name that is none of this machine's, and for one that cannot be read", () => {
    for (const host of [
      ...[null, "", "evil.example", "localhost.evil.example", "localhost..", "app.localhost", "10.0.0.1"],
      ...["a b", "localhost:port", "localhost, localhost", "me@localhost", "localhost/x", "localhost?", "::1", "[::1"],
    ]) {
      expect([host, locationAt("http://127.0.0.1:3000", host)]).toEqual([host, null]);
    }
  });

  it("is nowhere for an app on https: the names of a public host are the proxy's business", () => {
    for (const host of ["localhost:3000", "www.app.example"]) {
      expect(locationAt("https://app.example", host)).toBeNull();
    }
  });

  it("leaves a query behind that is too long, and not its mark", () => {
    const path = `/auth/login?returnTo=/${"x".repeat(200)}`;
    expect(locationAt("http://127.0.0.1:3000", "localhost", path)).toBe(
      "http://127.0.0.1:3000/auth/login?redirected=1",
    );
  });

  it("is nowhere for who comes from there: a proxy that writes the Host anew makes no endless row", () => {
    const first = locationAt("http://127.0.0.1:3000/shop", "localhost") ?? "";
    expect(
      locationAt("http://127.0.0.1:3000/shop", "localhost", first.slice("http://127.0.0.1:3000".length)),
    ).toBeNull();
  });
});
