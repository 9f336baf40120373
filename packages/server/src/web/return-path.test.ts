import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReturnPath } from "./return-path.ts";

const bases = [
  new URL("https://app.example"),
  new URL("http://127.0.0.1:3000"),
  new URL("https://app.example/prefix/"),
];
const base = bases[0] as URL;

const refused = [
  ...["//evil.com", "///evil.com", "\\\\evil.com", "/\\evil.com", "/\\/evil.com", "\\/evil.com", "////evil.com"],
  ...["/\t/evil.com", "/\n/evil.com", "\t//evil.com", " //evil.com", "/\r/evil.com", "/ok\r\nSet-Cookie: a=b", "/\0"],
  ...[
    "/..//evil.com",
    "/.//evil.com",
    "/./\\evil.com",
    "/\\evil.com?\\",
    "/a/../../..//evil.com",
    "/%2e%2e//evil.com",
    "/.%2E//evil.com",
  ],
  ...[
    "https:evil.com",
    "https:/evil.com",
    "https:///evil.com",
    "http:evil",
    "HTTPS:evil.com",
    "http://127.0.0.1:3000/x",
  ],
  ...["blob:https://app.example/x", "filesystem:https://app.example/x", "javascript:alert(1)", "data:text/html,x"],
  ...[
    "https://app.example@evil.com",
    "https://app.example.evil.com/",
    "https://app.example:444/x",
    "https://app.example/x",
  ],
  ...["//evil%E3%80%82com", "//app.example", "//app.example/x", "\u00a0//evil.com", "\ufeff//evil.com"],
  ...["/\u00a0/evil.com", "/\ufeff//evil.com", "/\u2028/evil.com", "/\u2029", "/\u0085/evil.com", "/\u007f", "/\u009f"],
  ...["/..%2fadmin", "/a/%2E%2E%5Cadmin", "/a%2f..", "/a/.%2e%2f%2e%2e%2fadmin", "/prefix/..%2Fadmin"],
  ...["/\ud800", "/\udc00/x", "?a=1", "#x", "`foo", "", " ", "me", "./me", "../me", ".", "/?x=\\"],
];

describe("readReturnPath", () => {
  it.each([
    ["/ok?x=//evil.com#//e", "/ok?x=//evil.com#//e"],
    ["/", "/"],
    ["/me?a=1&a=2", "/me?a=1&a=2"],
    ["/a/../b", "/b"],
    ["/a//b", "/a//b"],
    ["/%2F%2Fevil.com", "/%2F%2Fevil.com"],
    ["/%5Cevil.com", "/%5Cevil.com"],
    ["/%09/evil.com", "/%09/evil.com"],
    ["/https://evil.com", "/https://evil.com"],
    ["/@evil.com", "/@evil.com"],
    ["/grüße?ä#ö", "/gr%C3%BC%C3%9Fe?%C3%A4#%C3%B6"],
    ["/😀", "/%F0%9F%98%80"],
    ["/a b", "/a%20b"],
  ])("X1 accepts %j and never decodes it", (value, path) => {
    for (const each of bases) {
      const prefix = each.pathname.slice(0, -1);
      expect(readReturnPath(value, each)).toBe(`${prefix}${path}`);
    }
  });

  it.each([
    ["/prefix", "/prefix"],
    ["/prefix/", "/prefix/"],
    ["/prefix?a=/b", "/prefix?a=/b"],
    ["/prefix/me", "/prefix/me"],
    ["/prefixes/me", "/prefix/prefixes/me"],
    ["/prefix/../about", "/prefix/about"],
    ["/PREFIX/me", "/prefix/PREFIX/me"],
    ["/about#x", "/prefix/about#x"],
  ])("%j stays inside the app, or gets into it", (value, path) => {
    expect(readReturnPath(value, new URL("https://app.example/prefix"))).toBe(path);
    expect(readReturnPath(value, new URL("https://app.example/prefix/"))).toBe(path);
  });

  it.each(refused.map((value) => JSON.stringify(value)))("X1 refuses %s", (quoted) => {
    for (const each of bases) expect(readReturnPath(JSON.parse(quoted), each)).toBeNull();
  });

  it("X1 refuses what is not one string of at most 2,048 characters", () => {
    const values = [
      ["/a", "//evil.com"],
      ["/a"],
      { toString: () => "/a" },
      new String("/a"),
      null,
      undefined,
      1,
      true,
      Symbol("/a"),
    ];
    for (const value of values) expect(readReturnPath(value, base)).toBeNull();
    expect(readReturnPath(`/${"a".repeat(2_047)}`, base)).toHaveLength(2_048);
    expect(readReturnPath(`/${"a".repeat(2_048)}`, base)).toBeNull();
    expect(readReturnPath(`/${"a".repeat(1_048_576)}`, base)).toBeNull();
  });

  it("X1 refuses our own routes, which would loop", () => {
    const forbidden = ["/auth/login", "/auth/logout"];
    for (const path of [
      "/auth/login",
      "/auth/login?returnTo=/",
      "/auth/login/",
      `/auth/login${"/".repeat(2000)}`,
      "/AUTH/Login#x",
      "/auth/x/../login",
      "/auth/l%6fgin",
    ]) {
      expect(readReturnPath(path, base, forbidden)).toBeNull();
    }
    for (const path of ["/auth/loginx", "/auth", "/auth/login//x/", "/x?y=/auth/login", "/auth/%zz", "/"]) {
      expect(readReturnPath(path, base, forbidden)).toBe(path);
    }
  });

  it("X1 emits only paths that stay on our origin, for any input", () => {
    const pieces = [
      ...["/", "//", "\\", ".", "..", "%2e", "%2F", "%5C", "?", "#", "@", ":", "https:", "javascript:", "evil.com"],
      ...[
        "\t",
        "\n",
        "\r",
        " ",
        "\0",
        "\u00a0",
        "\ufeff",
        "\u2028",
        "\u3002",
        "\ud83d",
        "app.example",
        "a",
        "[",
        "]",
        "%",
      ],
    ];
    const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
    const paths = fc.oneof(
      hostile,
      hostile.map((text) => `/${text}`),
      fc.webPath(),
      fc.string({ unit: "binary" }),
    );
    let accepted = 0;
    fc.assert(
      fc.property(paths, fc.constantFrom(...bases), (value, each) => {
        const path = readReturnPath(value, each);
        if (path === null) return;
        accepted++;
        // Header bytes as a browser reads them, on the page of the login and on any other page of ours.
        expect(path).toMatch(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/);
        expect(new URL(path, each).origin).toBe(each.origin);
        expect(new URL(path, new URL("/auth/callback?code=x", each)).origin).toBe(each.origin);
        expect(readReturnPath(path, each)).toBe(path.length > 2_048 ? null : path);
      }),
      { seed: 7636, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });

  it("never throws, whatever the type", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect([null, "string"]).toContain(readReturnPath(value, base) === null ? null : typeof value);
      }),
      { seed: 7636, numRuns: 2_000 },
    );
  });

  it("X1 V22 counts the letters as they will travel: what grows beyond the limit would cost the login its cookie", () => {
    expect(readReturnPath(`/${"。".repeat(200)}`, base)).toHaveLength(1 + 200 * 9);
    expect(readReturnPath(`/${"。".repeat(2_000)}`, base)).toBeNull();
  });
});
