import { describe, expect, it } from "vitest";
import { incoming, settingsWith } from "../../test/settings.ts";
import type { PixyOptions } from "../settings/options.ts";
import { type RouteName, routeOf } from "./route.ts";

const routes = (urls: readonly string[], options: Partial<PixyOptions<undefined>> = {}) =>
  urls.map((url) => routeOf(settingsWith(options), incoming(url)));
const all: readonly RouteName[] = ["login", "refresh", "callback", "logout", "session"];

describe("our routes", () => {
  it("are five below authPath, whatever the query says", () => {
    expect(routes(all.map((name) => `/auth/${name}`))).toEqual(all);
    expect(routes(all.map((name) => `/auth/${name}?returnTo=/auth/logout`))).toEqual(all);
    expect(
      routes(
        all.map((name) => `/account/${name}`),
        { authPath: "/account" },
      ),
    ).toEqual(all);
  });

  it("match with the base path, and without it where a proxy has taken it off", () => {
    const options = { baseUrl: "https://app.example/shop" };
    expect(routes(["/shop/auth/login", "/auth/login", "/shop/auth/callback"], options)).toEqual([
      "login",
      "login",
      "callback",
    ]);
    expect(routes(["/other/auth/login", "/shop/shop/auth/login"], options)).toEqual([null, null]);
  });

  it("may end with a slash, as each path does where Next has trailingSlash", () => {
    expect(routes(all.map((name) => `/auth/${name}/?a=/`))).toEqual(all);
    for (const registered of ["https://app.example/signed-in", "https://app.example/signed-in/"]) {
      expect(routes(["/signed-in/?code=c", "/signed-in"], { redirectUri: registered })).toEqual([
        "callback",
        "callback",
      ]);
    }
  });

  it("have the callback where it is registered, and only there", () => {
    const options = { redirectUri: "https://app.example/signed-in?app=1" };
    expect(routes(["/signed-in?code=c", "/auth/callback", "/auth/login"], options)).toEqual([
      "callback",
      null,
      "login",
    ]);
  });

  it("are compared as they were sent: another spelling is another path", () => {
    const spelt = [
      "/auth",
      "/auth/",
      "/auth/Login",
      "/auth/login//",
      "//auth/login",
      "/auth/%6cogin",
      "/x/../auth/login",
    ];
    expect(routes(spelt)).toEqual(spelt.map(() => null));
    expect(routes(["/authentic/login", "/auth/renew", "/"])).toEqual([null, null, null]);
  });
});
