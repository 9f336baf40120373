import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import { createMountCheck } from "./mount.ts";
import type { PixyOptions } from "./options.ts";

/** What is said of these mounts, one after the other. */
function said(mounts: readonly string[], options: Partial<PixyOptions<undefined>> = {}): string[] {
  const messages: string[] = [];
  const settings = settingsWith({
    ...options,
    onEvent: (event) => void (event.type === "set-up.warning" && messages.push(`${event.code}: ${event.message}`)),
  });
  const check = createMountCheck(settings);
  for (const mount of mounts) check(mount, (path) => `app.use("${path}", auth.routes())`);
  return messages;
}

const shop = { baseUrl: "https://app.example/shop" };

describe("the mount of our routes", () => {
  it("that none of them can match below is told once, with the line to write", () => {
    expect(said(["/account", "/account", "/other"])).toEqual([
      "routes_mounted_elsewhere: auth.routes() is mounted at /account, but authPath is /auth: none of its routes is " +
        'found. Mount it with app.use("/auth", auth.routes()), or set authPath: "/account".',
    ]);
    expect(said(["/shop/account"], shop)).toEqual([expect.stringContaining('or set authPath: "/account".')]);
    for (const mount of ["/authentic", "/aut", "/auth/x", "/x/auth"]) expect(said([mount])).toHaveLength(1);
  });

  it.each([
    ["is authPath", ["/auth", "/auth/", "/AUTH", "/Auth"], {}],
    ["is the root", ["", "/"], {}],
    ["is a part of authPath", ["/sign", "/sign/in"], { authPath: "/sign/in" }],
    ["has the base path, or lost it to a proxy", ["/shop", "/shop/auth", "/auth", "/SHOP/auth", ""], shop],
    ["is the callback", ["/signed-in", "/auth"], { callbackPath: "/signed-in" }],
    ["has a parameter or a wildcard", ["/:tenant/auth", "/*", "/{*rest}", "/(a|b)", "/\u009b31m"], {}],
  ])("that %s is fine", (_what, mounts, options) => {
    expect(said(mounts, options)).toEqual([]);
  });
});
