import { describe, expect, it } from "vitest";
import { pathOf } from "./forwarded-path.ts";

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
