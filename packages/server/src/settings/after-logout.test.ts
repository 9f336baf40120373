import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import { createAfterLogoutCheck } from "./after-logout.ts";
import type { PixyOptions } from "./options.ts";

/** What is said once guards lead these paths to the login, one after the other. */
function said(paths: readonly string[], options: Partial<PixyOptions<undefined>> = {}): string[] {
  const messages: string[] = [];
  const onEvent: PixyOptions<undefined>["onEvent"] = (event) => {
    if (event.type === "set-up.warning") messages.push(`${event.code}: ${event.message}`);
  };
  const check = createAfterLogoutCheck(settingsWith({ ...options, onEvent }));
  for (const path of paths) check(path);
  return messages;
}

const shop = { baseUrl: "https://app.example/shop" };

describe("the page that a logout leads to", () => {
  it("is told once where a guard stands before it, with what to write", () => {
    expect(said(["/", "/?a=1", "/"])).toEqual([
      "after_logout_guarded: A logout leads to /, which is behind a guard: it begins the next login at once. " +
        'Set afterLogout to a page that anybody may see, such as "/goodbye".',
    ]);
    expect(said(["/shop"], shop)).toEqual([expect.stringContaining('such as "/shop/goodbye"')]);
    expect(said(["/me?x#y"], { afterLogout: "/me?bye=1" })).toHaveLength(1);
  });

  it.each(["/me", "/meadow", "/", "/x?/me", "//me"])("is another one than %s", (path) => {
    expect(said([path], { afterLogout: "/goodbye" })).toEqual([]);
  });
});
