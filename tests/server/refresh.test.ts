import type { Rotation } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { callWith, codeOf, createRefreshApp, logIn, setsSession, tokensUsed } from "../lib/refresh-app.ts";

const rotations: readonly Rotation[] = ["omit", "rotate", "strict", "grace", "sometimes"];
const places = ["cookie", "memory"] as const;
const hour = 3_600_000;
const day = 24 * hour;

describe.each(places)("refresh, sessions in %s", (where) => {
  describe.each(rotations)("rotation %s", (rotation) => {
    it("X11 V34 V59 50 requests at once and five late ones with the old cookie", async () => {
      const app = createRefreshApp(where, { provider: { rotation } });
      const { browser, cookie } = await logIn(app);
      app.clock.advance(hour + 1);
      const before = tokensUsed(app).length;
      const answers = await Promise.all(Array.from({ length: 50 }, () => callWith(app, cookie)));
      app.clock.advance(2_000);
      for (let late = 0; late < 5; late++) answers.push(await callWith(app, cookie));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(app.refreshes()).toBe(1);
      expect(new Set(tokensUsed(app).slice(before)).size).toBe(1);
      expect(answers.filter((answer) => /max-age=0/i.test(answer.headers.getSetCookie().join()))).toEqual([]);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
      expect(app.refreshes()).toBe(1);
    });

    it("five refreshes in a row, each with the token that is valid then; authorizedAt stays", async () => {
      const app = createRefreshApp(where, { provider: { rotation } });
      const { browser } = await logIn(app);
      const session = async () => (await browser.call(`${app.origin}/auth/session`)).json() as Record<string, unknown>;
      const first = await session();
      for (let round = 1; round <= 5; round++) {
        app.clock.advance(hour + 1);
        expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
        expect(app.refreshes()).toBe(round);
      }
      const sent = app.provider.tokenRequests("refresh_token").map(({ parameters }) => parameters.refresh_token);
      expect(new Set(sent).size).toBe(rotation === "omit" ? 1 : rotation === "sometimes" ? 3 : 5);
      const last = await session();
      expect([last.authorizedAt, last.scope, last.id]).toEqual([first.authorizedAt, first.scope, first.id]);
      expect(app.provider.violations).toEqual([]);
    });

    // An answer that is lost after the provider has used up the token: only reuse or a grace window saves the login.
    it("the connection dies after the token was consumed", async () => {
      const app = createRefreshApp(where, { provider: { rotation } });
      const { browser } = await logIn(app);
      app.clock.advance(hour + 1);
      app.provider.fault({ at: "token", kind: "reset-after-consume", times: 1 });
      const answer = await browser.call(`${app.origin}/me`);
      expect(app.refreshes()).toBe(2);
      if (rotation === "rotate" || rotation === "strict") {
        expect([answer.status, codeOf(answer)]).toEqual([401, "reauth_required"]);
      } else {
        expect(answer.status).toBe(200);
      }
    });
  });

  it("an answer without refresh token and scope, or with empty ones, keeps both", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    const scope = async () => ((await browser.call(`${app.origin}/auth/session`)).json() as { scope: string[] }).scope;
    const before = await scope();
    app.provider.fault({ at: "token", kind: "members", remove: ["scope", "refresh_token"], times: 1 });
    app.provider.fault({ at: "token", kind: "members", set: { scope: "", refresh_token: "" }, times: 1 });
    for (let round = 0; round < 3; round++) {
      app.clock.advance(hour + 1);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    }
    expect(await scope()).toEqual(before);
  });

  it("day 165 tells once that the login ends; day 184 ends it with one attempt and one clean login", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    const due = () => app.events.filter(({ type }) => type === "reauth.due").length;
    let today = 0;
    const visitOn = async (next: number) => {
      app.clock.advance((next - today) * day);
      today = next;
      return browser.call(`${app.origin}/me`);
    };
    for (const next of [20, 40, 60, 80, 100, 120, 140, 160, 164]) expect((await visitOn(next)).status).toBe(200);
    expect(due()).toBe(0);
    for (const next of [165, 166, 170, 179]) {
      expect((await visitOn(next)).status).toBe(200);
      expect(due()).toBe(1);
    }
    const before = app.refreshes();
    const ended = await visitOn(184);
    expect([ended.status, codeOf(ended)]).toEqual([401, "reauth_required"]);
    const page = await browser.login(`${app.origin}/me`, { person: "ada" });
    expect([page.status, page.url]).toEqual([200, `${app.origin}/me`]);
    expect(app.refreshes()).toBe(before + 1);
    expect((await visitOn(185)).status).toBe(200);
    expect(due()).toBe(1);
  });

  it("a dead refresh token is sent once in 100 requests", async () => {
    const app = createRefreshApp(where);
    const { browser, cookie } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.revokeGrants();
    const codes = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => callWith(app, cookie)));
      return new Set(
        await Promise.all(answers.map(async (answer) => ((await answer.json()) as { code: string }).code)),
      );
    };
    expect(await codes(50)).toEqual(new Set(["reauth_required"]));
    app.clock.advance(hour / 2);
    expect(await codes(49)).toEqual(new Set(["reauth_required"]));
    const page = await browser.navigate(`${app.origin}/me`, { follow: false });
    expect([page.status, page.headers.get("location")]).toEqual([302, "/auth/login?returnTo=%2Fme"]);
    expect((await browser.cookies(app.origin)).map(({ name }) => name)).toEqual(["__Host-pixy-done"]);
    expect(app.refreshes()).toBe(1);
    expect(app.events.filter(({ type }) => type === "session.ended")).toHaveLength(1);
    expect((await browser.login(`${app.origin}/me`, { person: "ada" })).status).toBe(200);
  });

  it("an API that always answers 401 costs one refresh, and no further one until that token is due", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    app.provider.fault({ at: "api", kind: "unauthorized" });
    for (let call = 0; call < 6; call++) await browser.call(`${app.origin}/me`);
    expect(app.refreshes()).toBe(1);
    app.provider.clearFaults();
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(1);
  });

  it("the API refuses a token that looks valid: one refresh, one replay; the second 401 is the caller's", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    app.provider.revokeAccessTokens();
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(1);
    app.provider.fault({ at: "api", kind: "unauthorized", times: 2 });
    expect((await browser.call(`${app.origin}/me`)).status).toBe(401);
    expect(app.refreshes()).toBe(2);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(2);
  });

  it("a token that another request has replaced meanwhile is not refreshed again", async () => {
    const app = createRefreshApp(where, { provider: { rotation: "strict" } });
    const { cookie } = await logIn(app);
    app.provider.fault({ at: "api", kind: "delay", milliseconds: 1, times: 1, consume: false });
    const slow = callWith(app, cookie);
    const arrived = tokensUsed(app).length;
    while (tokensUsed(app).length === arrived) await new Promise(setImmediate);
    app.provider.revokeAccessTokens();
    expect((await callWith(app, cookie)).status).toBe(200);
    expect(app.refreshes()).toBe(1);
    app.open(1);
    expect((await slow).status).toBe(200);
    expect(app.refreshes()).toBe(1);
  });

  it("a second tab with the old cookie gets the successor, and a cookie that goes on", async () => {
    const app = createRefreshApp(where, { provider: { rotation: "strict" } });
    const { browser } = await logIn(app);
    const other = await browser.clone();
    app.clock.advance(hour + 1);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    app.clock.advance(59_000);
    expect((await other.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(1);
    app.clock.advance(hour + 1);
    expect((await other.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(2);
    expect(app.provider.violations).toEqual([]);
  });

  it.each([1, 10, 60, 3_600])(
    "a lifetime of %i s: no more refreshes than needed, no expired token",
    async (seconds) => {
      const app = createRefreshApp(where, { provider: { expiresIn: seconds } });
      const { browser } = await logIn(app);
      for (let step = 1; step <= 60; step++) {
        app.clock.advance(seconds * 50);
        expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
      }
      // At the latest with 85 % of each lifetime gone.
      expect(app.refreshes()).toBeLessThanOrEqual(4);
      expect(app.provider.requests.filter(({ kind, status }) => kind === "api" && status !== 200)).toEqual([]);
    },
  );

  it.each([hour, -hour, 5 * 60_000, -5 * 60_000])("the wall clock steps by %i ms", async (step) => {
    const app = createRefreshApp(where, { provider: { rotation: "strict" } });
    const { browser } = await logIn(app);
    app.clock.advance(step);
    for (let visit = 0; visit < 3; visit++) {
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
      app.clock.advance(hour / 2);
    }
    expect(app.provider.violations).toEqual([]);
  });

  it("nothing is left behind after many refreshes", async () => {
    const rounds = process.env.REFRESH_MODEL === "long" ? 10_000 : 300;
    const app = createRefreshApp(where, { provider: { expiresIn: 1 } });
    const { browser } = await logIn(app);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    let cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    for (let round = 0; round < rounds; round++) {
      app.clock.advance(1_001);
      const answer = await callWith(app, cookie);
      expect(answer.status).toBe(200);
      if (setsSession(answer))
        cookie = answer.headers
          .getSetCookie()
          .map((line) => line.split(";")[0])
          .join("; ");
    }
    expect(app.refreshes()).toBe(rounds);
    const states = (globalThis as unknown as Record<symbol, Map<string, Map<string, unknown>>>)[Symbol.for("pixy/1")];
    expect(states?.get("flights")?.size).toBe(0);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
