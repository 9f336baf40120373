import { expect, it } from "vitest";
import { returnPath, settingsWith } from "../../test/settings.ts";
import { loginUrlOf } from "./login-url.ts";

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
