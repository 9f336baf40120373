import { expect, it } from "vitest";
import { returnPath, settingsWith } from "../../test/settings.ts";
import { loginUrlFrom, loginUrlOf } from "./login-url.ts";

it.each([
  [undefined, "/auth/login"],
  [{}, "/auth/login"],
  [{ provider: null }, "/auth/login"],
  [{ provider: "google" }, "/auth/login?provider=google"],
  [{ provider: null, returnTo: returnPath("/a?b=1&c") }, "/auth/login?returnTo=%2Fa%3Fb%3D1%26c"],
  [{ provider: "google", returnTo: returnPath("/") }, "/auth/login?provider=google&returnTo=%2F"],
])("the login for %j is at %s", (given, expected) => {
  expect(loginUrlOf(settingsWith(), given)).toBe(expected);
});

it.each([
  ["/me?a=1", "/auth/login?returnTo=%2Fme%3Fa%3D1"],
  ["/me?a=1&auth_error=access_denied", "/auth/login?returnTo=%2Fme%3Fa%3D1&ask=1"],
])("a page that cannot say that the login was refused, at %s, leads to %s", (path, expected) => {
  expect(loginUrlFrom(settingsWith(), null, returnPath(path))).toBe(expected);
});
