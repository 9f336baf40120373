import { describe, expect, it } from "vitest";
import { matcherOf } from "./protected-paths.ts";

describe("the paths that are protected", () => {
  const isProtected = matcherOf(["/account", "/admin/*"]);

  it.each(["/account", "/account/", "/%61ccount", "/admin", "/admin/", "/admin/users/1"])("are %s", (path) => {
    expect(isProtected(path)).toBe(true);
  });

  it.each(["/", "/accounts", "/account/x", "/administration", "/x/admin", "/ACCOUNT", "/%"])("are not %s", (path) => {
    expect(isProtected(path)).toBe(false);
  });

  it("may be all", () => {
    const isAny = matcherOf(["/*"]);
    expect([isAny("/"), isAny("/me/x")]).toEqual([true, true]);
    expect([matcherOf(["/"])("/"), matcherOf(["/"])("/me")]).toEqual([true, false]);
  });

  it.each(["account", "", "/account/:path*", "/a*", "/*/x", "//x", "/x?y"])("are not said by %j", (path) => {
    expect(() => matcherOf([path])).toThrow(expect.objectContaining({ code: "invalid_option", option: "protect" }));
  });
});
