import { describe, expect, it } from "vitest";
import { hasLoginError, withLoginError, withoutLoginError } from "./login-error.ts";
import type { ReturnPath } from "./return-path.ts";

describe("what a refused login says to the page that it leads to", () => {
  it.each([
    ["/me", "/me?auth_error=no"],
    ["/me?a=1", "/me?a=1&auth_error=no"],
    ["/me#top?auth_error=x", "/me?auth_error=no#top?auth_error=x"],
    ["/me?auth_error=before", "/me?auth_error=no"],
    ["/me?auth_error=1&a=1&auth_error=2#top", "/me?a=1&auth_error=no#top"],
  ])("is said once: %s", (path, expected) => {
    expect(withLoginError(path as ReturnPath, "no")).toBe(expected);
    expect(hasLoginError(withLoginError(path as ReturnPath, "no"))).toBe(true);
  });

  it.each([
    ["/me", "/me"],
    ["/me?auth_error=", "/me"],
    ["/me?auth_error=a&auth_error=b", "/me"],
    ["/me?a=/?&auth_error=b&c", "/me?a=/?&c"],
    ["/me?my_auth_error=a&auth_errors=b", "/me?my_auth_error=a&auth_errors=b"],
    ["/me?auth_error=a#top", "/me#top"],
    ["/me?", "/me?"],
  ])("is gone once a login succeeded: %s", (path, expected) => {
    expect(withoutLoginError(path as ReturnPath)).toBe(expected);
  });

  it("is encoded", () => {
    expect(withLoginError("/" as ReturnPath, "a b&c#d")).toBe("/?auth_error=a%20b%26c%23d");
  });
});
