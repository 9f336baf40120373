import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { type SetCookie, setCookieLine } from "../web/set-cookie.ts";
import { createSpentAttempts } from "./spent-attempts.ts";

const spent = createSpentAttempts(settingsWith());
const name = "__Host-pixy-done";

/** What the browser brings after a cookie was set. */
function brought({ name, value }: SetCookie): CookieEntry[] {
  return [{ name, value }];
}

describe("spent attempts", () => {
  it("are known again in the browser that used them up, and in no other", async () => {
    const present = brought(await spent.add("first", []));
    expect(await spent.has("first", present)).toBe(true);
    expect(await spent.has("second", present)).toBe(false);
    expect(await spent.has("first", [])).toBe(false);
  });

  it("are the last five", async () => {
    let present: CookieEntry[] = [];
    const states = ["1", "2", "3", "4", "5", "6"];
    for (const state of states) present = brought(await spent.add(state, present));
    const known = await Promise.all(states.map((state) => spent.has(state, present)));
    expect(known).toEqual([false, true, true, true, true, true]);
  });

  it("give away no state: the cookie holds short hashes", async () => {
    const state = "S".repeat(43);
    const line = setCookieLine(await spent.add(state, []));
    expect(line).toMatch(/^__Host-pixy-done=[\w-]{16}; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(line).not.toContain("SSSS");
  });

  it("take nothing from a cookie that somebody else wrote", async () => {
    const added = async (value: string) => brought(await spent.add("first", [{ name, value }]))[0]?.value;
    const forged = `..${"x".repeat(30)}.short.${"A".repeat(16)}`;
    expect(await spent.has("first", [{ name, value: forged }])).toBe(false);
    expect(await added(forged)).toMatch(new RegExp(`^[\\w-]{16}\\.${"A".repeat(16)}$`));
    expect(await added(`${"A".repeat(16)}.`.repeat(900))).toMatch(/^[\w-]{16}$/);
  });

  it("are forgotten at a logout, where there are any", async () => {
    expect(spent.clear(brought(await spent.add("first", [])))).toEqual([{ name, value: "", secure: true, maxAge: 0 }]);
    expect(spent.clear([])).toEqual([]);
  });

  it("are no reason to forget another cookie", () => {
    const settings = settingsWith({});
    expect(createSpentAttempts(settings).clear([{ name: settings.cookies.session, value: "x" }])).toEqual([]);
  });
});
