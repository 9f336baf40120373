import { memoryStore } from "@pixy/server";
import { createClock, type Page } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { callWith, codeOf, createRefreshApp, logIn, type RefreshApp } from "../lib/refresh-app.ts";

const hour = 3_600_000;

/** The app with room for so few sessions that a test can fill it. */
function smallApp(maxSessions: number, provider = {}): RefreshApp {
  const clock = createClock(Date.UTC(2026, 0, 1));
  const store = memoryStore({ now: clock.now, maxSessions });
  return createRefreshApp("memory", { clock, provider, options: { store } });
}

/** A login of somebody new, to the end. */
function newLogin(app: RefreshApp): Promise<Page> {
  return app.browser().login(`${app.origin}/me`, { person: "grace" });
}

async function statusWith(app: RefreshApp, cookie: string): Promise<number> {
  return (await callWith(app, cookie)).status;
}

describe("a memory store without room", () => {
  it("answers a new login 503 and logs nobody out: who is there reads, refreshes and logs out", async () => {
    const app = smallApp(2, { rotation: "strict" });
    const [first, second] = [await logIn(app), await logIn(app)];
    const page = await newLogin(app);
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(page.body).toContain("store_full");
    expect(page.setCookies.filter((line) => /^__Host-pixy=[^;]/.test(line))).toEqual([]);
    expect(app.events).toContainEqual(expect.objectContaining({ type: "login.failed", code: "store_full" }));
    app.clock.advance(hour + 1);
    expect([await statusWith(app, first.cookie), await statusWith(app, second.cookie)]).toEqual([200, 200]);
    expect(app.refreshes()).toBe(2);
    expect((await first.browser.submit(`${app.origin}/auth/logout`)).status).toBe(200);
    expect(await statusWith(app, first.cookie)).toBe(401);
    expect((await newLogin(app)).status).toBe(200);
    expect(await statusWith(app, second.cookie)).toBe(200);
  });

  it("refuses a second login of somebody who is logged in, and keeps the first", async () => {
    const app = smallApp(1);
    const { browser, cookie } = await logIn(app);
    const page = await browser.navigate(`${app.origin}/auth/login?returnTo=/me`);
    expect((await browser.submit(page.url, { person: "grace" })).status).toBe(503);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(await statusWith(app, cookie)).toBe(200);
  });

  it("has room as soon as a session has ended by itself", async () => {
    const app = smallApp(1);
    await logIn(app);
    expect((await newLogin(app)).status).toBe(503);
    app.clock.advance(30 * 24 * hour);
    expect((await newLogin(app)).status).toBe(200);
  });
});

describe("a session that the provider has refused", () => {
  it.each(["memory", "cookie"] as const)("does not come back when its end is forgotten, kept in %s", async (where) => {
    const app = createRefreshApp(where);
    const { browser, cookie } = await logIn(app);
    app.provider.revokeGrants();
    app.clock.advance(hour + 1);
    expect(codeOf(await browser.call(`${app.origin}/me`))).toBe("reauth_required");
    const asked = app.refreshes();
    app.clock.advance(23 * hour);
    expect([await statusWith(app, cookie), app.refreshes()]).toEqual([401, asked]);
    app.clock.advance(2 * hour);
    expect(await statusWith(app, cookie)).toBe(401);
    // A copied cookie says nothing of it: in the journal's process the provider is asked once more, and refuses.
    expect(app.refreshes()).toBe(where === "cookie" ? asked + 1 : asked);
    expect([await statusWith(app, cookie), app.refreshes() - asked]).toEqual([401, where === "cookie" ? 1 : 0]);
  });
});
