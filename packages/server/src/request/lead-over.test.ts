import { describe, expect, it } from "vitest";
import { handleWorld, hour } from "../../test/handle-world.ts";
import { fingerprintOf } from "./passes.ts";

const led = new Error("led");

/** A page that can set no cookie, whose token is due. */
async function page(led?: (refused: string | null) => Promise<never>) {
  const { open, loggedIn, clock, sent } = handleWorld("cookie");
  const cookie = await loggedIn();
  clock.at += hour;
  const context = { canSetCookies: () => false, ...(led ? { onRefreshNeeded: led } : {}) };
  return { handle: open(cookie, context), sent };
}

describe("a page that cannot set cookies", () => {
  it("is led over the refresh route, and spends no refresh token", async () => {
    const refused: (string | null)[] = [];
    const { handle, sent } = await page(async (token) => {
      refused.push(token);
      throw led;
    });
    await expect(handle.accessToken()).rejects.toBe(led);
    expect([refused, sent]).toEqual([[null], []]);
  });

  it("says for which token, where the API has refused it before its time", async () => {
    const refused: (string | null)[] = [];
    const { handle } = await page(async (token) => {
      refused.push(token);
      throw led;
    });
    const { session } = await handle.own.load();
    if (session === null) throw new Error("Nobody is logged in.");
    await expect(handle.renewal.tokens({ rejected: session.tokens.accessToken })).rejects.toBe(led);
    expect(refused).toEqual([await fingerprintOf(session.tokens)]);
  });

  it("is told where nobody leads it", async () => {
    const { handle } = await page();
    await expect(handle.accessToken()).rejects.toMatchObject({ code: "refresh_needed" });
  });
});
