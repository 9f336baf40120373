import { spotify } from "@pixy/providers/spotify";
import { fromRequest } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { callWith, createRefreshApp, logIn, type RefreshApp, setsSession } from "../lib/refresh-app.ts";
import { secret } from "../lib/web-app.ts";

const places = ["cookie", "memory"] as const;
const hour = 3_600_000;

/** Waits until the provider has seen `count` requests of a kind: those are then held back. */
async function arrived(app: RefreshApp, kind: "api" | "token", count: number): Promise<void> {
  while (app.provider.requests.filter((request) => request.kind === kind).length < count) {
    await new Promise(setImmediate);
  }
}

describe.each(places)("logout and new logins while requests are on their way, sessions in %s", (where) => {
  it("a logout while a refresh is in flight is final", async () => {
    const app = createRefreshApp(where, { provider: { rotation: "strict" } });
    const { browser, cookie } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const refreshing = [callWith(app, cookie), callWith(app, cookie)];
    await arrived(app, "token", 2);
    expect((await browser.submit(`${app.origin}/auth/logout`)).status).toBe(200);
    app.open(1);
    for (const answer of await Promise.all(refreshing)) {
      expect(answer.status).toBe(401);
      expect(setsSession(answer)).toBe(false);
    }
    expect((await callWith(app, cookie)).status).toBe(401);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(401);
    expect(app.refreshes()).toBe(1);
  });

  it.each([
    ["it was due", (app: RefreshApp) => app.clock.advance(hour + 1)],
    ["an API refused it", (app: RefreshApp) => app.provider.revokeAccessTokens()],
  ])(
    "a logout revokes the newest token, also where another request renewed it meanwhile, because %s",
    async (_why, make) => {
      const revocationEndpoint = `${spotify.issuer}/api/revoke`;
      const app = createRefreshApp(where, {
        provider: { rotation: "rotate", paths: { revoke: "/api/revoke" } },
        options: { provider: { ...spotify, revocationEndpoint } },
      });
      const { cookie } = await logIn(app);
      const slow = app.auth.open(fromRequest(new Request(app.origin, { headers: { cookie } })));
      expect(await slow.session()).not.toBeNull();
      make(app);
      expect([(await callWith(app, cookie)).status, app.refreshes()]).toEqual([200, 1]);
      const spent = app.provider.tokenRequests("refresh_token")[0]?.parameters.refresh_token;
      expect(spent).toBeTypeOf("string");
      await app.auth.logout(slow);
      const revoked = () =>
        app.provider.requests.filter(({ kind }) => kind === "revoke").map(({ parameters }) => parameters.token);
      await expect.poll(revoked).toHaveLength(1);
      expect(revoked()).not.toContain(spent);
      expect((await callWith(app, cookie)).status).toBe(401);
    },
  );

  it.each(["before", "after"])("20 slow requests, one refresh %s the logout, and nothing comes back", async (when) => {
    const app = createRefreshApp(where, { provider: { rotation: "rotate" } });
    const { browser, cookie } = await logIn(app);
    if (when === "before") app.clock.advance(hour + 1);
    app.provider.fault({ at: "api", kind: "delay", milliseconds: 1, consume: false });
    const seen = app.provider.requests.filter(({ kind }) => kind === "api").length;
    const slow = Array.from({ length: 20 }, () => callWith(app, cookie));
    await arrived(app, "api", seen + 20);
    if (when === "after") app.clock.advance(hour + 1);
    await browser.submit(`${app.origin}/auth/logout`);
    app.open(1);
    const answers = await Promise.all(slow);
    expect(answers.filter(setsSession)).toEqual([]);
    for (const answer of answers) {
      for (const line of answer.headers.getSetCookie()) await browser.setCookie(app.origin, line);
    }
    expect((await browser.call(`${app.origin}/me`)).status).toBe(401);
    expect((await callWith(app, cookie)).status).toBe(401);
  });

  it("an old session's refresh that comes late leaves the cookie of a new login alone", async () => {
    const app = createRefreshApp(where);
    const { browser, cookie } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1, grantType: "refresh_token" });
    const late = callWith(app, cookie);
    await arrived(app, "token", 2);
    const page = await browser.navigate(`${app.origin}/auth/login?returnTo=/public`);
    if (page.url.startsWith(app.origin) === false) await browser.submit(page.url, { person: "grace" });
    app.open(1);
    const answer = await late;
    for (const line of answer.headers.getSetCookie()) await browser.setCookie(app.origin, line);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });
});

describe("sessions in memory", () => {
  it("an old session's request that comes after a new login leaves its cookie alone", async () => {
    const app = createRefreshApp("memory");
    const { browser, cookie } = await logIn(app);
    await browser.login(`${app.origin}/auth/login?returnTo=/me`, { person: "grace" });
    const late = await callWith(app, cookie);
    expect([late.status, late.headers.getSetCookie()]).toEqual([401, []]);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });
});

describe("sessions in the cookie", () => {
  it("an answer that comes late never puts an older cookie in the place of a newer one", async () => {
    const app = createRefreshApp("cookie", { provider: { rotation: "rotate", expiresIn: 10 } });
    const { browser, cookie } = await logIn(app);
    app.clock.advance(10_001);
    app.provider.fault({ at: "api", kind: "delay", milliseconds: 1, times: 1, consume: false });
    const seen = app.provider.requests.filter(({ kind }) => kind === "api").length;
    const slow = callWith(app, cookie);
    await arrived(app, "api", seen + 1);
    app.clock.advance(9_500);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(2);
    app.open(1);
    expect(setsSession(await slow)).toBe(false);
  });

  it("a session that is visited lives on: its cookie is sealed anew, and only then set", async () => {
    const app = createRefreshApp("cookie", { options: { session: { idle: 1_000 } } });
    const { browser } = await logIn(app);
    const isLoggedIn = async () => (await browser.navigate(`${app.origin}/`)).body !== "Log in";
    expect((await browser.call(`${app.origin}/`)).setCookies).toEqual([]);
    for (let visit = 0; visit < 5; visit++) {
      app.clock.advance(800_000);
      expect(await isLoggedIn()).toBe(true);
      expect((await browser.call(`${app.origin}/`)).setCookies).toEqual([]);
    }
    app.clock.advance(1_000_001);
    expect(await isLoggedIn()).toBe(false);
  });

  it("a process that has lost its journal goes on with the newest cookie", async () => {
    const app = createRefreshApp("cookie", { provider: { rotation: "strict" } });
    const { browser } = await logIn(app);
    const restarted = createRefreshApp("cookie", { clock: app.clock, options: { secret, fetch: app.provider.fetch } });
    for (const current of [app, restarted, app]) {
      app.clock.advance(hour + 1);
      const cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
      const answer = await callWith(current, cookie);
      expect(answer.status).toBe(200);
      for (const line of answer.headers.getSetCookie()) await browser.setCookie(app.origin, line);
    }
    expect(app.refreshes()).toBe(3);
    expect(app.provider.violations).toEqual([]);
  });
});
