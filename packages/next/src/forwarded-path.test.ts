import { describe, expect, it } from "vitest";
import { pathBeforeRewrite, pathOf, rewrittenFrom } from "./forwarded-path.ts";

describe("the path of a page", () => {
  it.each([
    ["/", "/"],
    ["/me?a=1", "/me?a=1"],
    ["/me?_rsc=1a2b3", "/me"],
    ["/me?a=%20&_rsc=1a2b3&b=?", "/me?a=%20&b=?"],
    ["/me?_rsc", "/me"],
    ["/me?a_rsc=1", "/me?a_rsc=1"],
    // What a stranger sends is no URL, and no error.
    ["//[", "//["],
    ["*", "*"],
  ])("is that of the browser, without the router's own marker: %s", (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});

describe("the path before a rewrite", () => {
  it("is believed of this process alone", () => {
    const own = rewrittenFrom("/de/me");
    expect(pathBeforeRewrite(new Headers(own))).toBe("/de/me");
    for (const word of ["", "a guess", undefined]) {
      const headers = new Headers({ ...own, ...(word === undefined ? {} : { "x-pixy-word": word }) });
      if (word === undefined) headers.delete("x-pixy-word");
      expect(pathBeforeRewrite(headers)).toBeNull();
    }
  });
});
