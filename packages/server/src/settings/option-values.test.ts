import { ConfigurationError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { readAfterLogout, readName, readPath, readScope, readSeconds, refuseOption } from "./option-values.ts";

const baseUrl = new URL("https://app.example/shop");

function refusedOption(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    if (ConfigurationError.isInstance(error)) return error.option;
    throw error;
  }
  return undefined;
}

describe("option values", () => {
  it("a path begins with a slash, ends without one, and has nothing that a router reads in two ways", () => {
    for (const path of ["/auth", "/a/b.c/~d_e-1"]) expect(readPath("authPath", path)).toBe(path);
    for (const path of ["", "/", "auth", "/auth/", "//auth", "/a%2fb", "/a b", "/a?b", undefined, ["/auth"]]) {
      expect(refusedOption(() => readPath("authPath", path))).toBe("authPath");
    }
  });

  it("a name is at most 41 letters that a cookie and its prefix can bear", () => {
    for (const name of ["pixy", "3001", "a".repeat(41)]) expect(readName(name)).toBe(name);
    for (const name of ["", "-a", "_a", "a.b", "a".repeat(42), "__Host-a", 1]) {
      expect(refusedOption(() => readName(name))).toBe("name");
    }
  });

  it("a scope is a list with one scope token each, without repetitions", () => {
    expect(readScope(["b", "a", "b"])).toEqual(["b", "a"]);
    expect(Object.isFrozen(readScope([]))).toBe(true);
    for (const scope of ["a", ["a b"], ['"'], ["\\"], [""], [1], null]) {
      expect(refusedOption(() => readScope(scope))).toBe("scope");
    }
  });

  it("a lifetime is whole seconds up to 400 days", () => {
    expect([readSeconds("session.idle", 1), readSeconds("session.idle", 34_560_000)]).toEqual([1, 34_560_000]);
    for (const seconds of [0, -1, 1.5, 34_560_001, Number.NaN, "60"]) {
      expect(refusedOption(() => readSeconds("session.idle", seconds))).toBe("session.idle");
    }
  });

  it("a logout leads to a path of this app, or is left to the default", () => {
    expect(readAfterLogout("/goodbye?from=app", baseUrl)).toBe("/shop/goodbye?from=app");
    expect(readAfterLogout(undefined, baseUrl)).toBeNull();
    for (const path of ["//evil.example", "https://evil.example", "goodbye\n"]) {
      expect(refusedOption(() => readAfterLogout(path, baseUrl))).toBe("afterLogout");
    }
  });

  it("a refusal names the option and says what to write", () => {
    expect(refuseOption("name", "Write letters.")).toMatchObject({
      code: "invalid_option",
      option: "name",
      hint: "Write letters.",
      message: "The option name cannot be used. Write letters.",
    });
  });
});
