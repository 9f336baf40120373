import { describe, expect, it } from "vitest";
import { checkScopeToken, isScopeToken } from "./scope.ts";

describe("a scope", () => {
  it.each(["a", "https://www.googleapis.com/auth/drive.readonly", "user:read:email", "!~"])("is %j", (value) => {
    expect(isScopeToken(value)).toBe(true);
    expect(() => checkScopeToken(value)).not.toThrow();
  });

  it.each(["", "a b", 'a"', "a\\", "a\n", "é", 1, null, ["a"]])("A23 is not %j", (value) => {
    expect(isScopeToken(value)).toBe(false);
    expect(() => checkScopeToken(value as string)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "scope" }),
    );
  });
});
