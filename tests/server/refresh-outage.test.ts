import { memoryStore, type RecordStore } from "@pixy/server";
import type { FaultBehaviour } from "@pixy/testing";
import { createClock } from "@pixy/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { callWith, codeOf, createRefreshApp, logIn, type RefreshApp } from "../lib/refresh-app.ts";

const places = ["cookie", "memory"] as const;
const hour = 3_600_000;

async function withExpiredToken(where: (typeof places)[number]) {
  const app = createRefreshApp(where);
  const { browser } = await logIn(app);
  app.clock.advance(hour + 1);
  return { app, browser };
}

function logins(app: RefreshApp): number {
  return app.provider.requests.filter(({ kind }) => kind === "authorize").length;
}

describe.each(places)("a refresh that fails, sessions in %s", (where) => {
  it("while the token still works nobody notices, and the pauses grow to 10 s", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    app.clock.advance(3_500_000);
    app.provider.fault({ at: "token", kind: "status", status: 503 });
    const visit = async () => {
      const answers = [await browser.call(`${app.origin}/me`), await browser.call(`${app.origin}/me`)];
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    };
    await visit();
    expect(app.refreshes()).toBe(1);
    let expected = 1;
    for (const pause of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
      // Pauses are spread downwards by a quarter at most.
      app.clock.advance(pause * 0.75 - 10);
      await visit();
      expect(app.refreshes()).toBe(expected);
      app.clock.advance(pause * 0.25 + 10);
      await visit();
      expect(app.refreshes()).toBe(++expected);
    }
    app.provider.clearFaults();
    app.clock.advance(10_000);
    await visit();
    expect(app.refreshes()).toBe(expected + 1);
    expect(app.events.filter(({ type }) => type === "session.ended")).toEqual([]);
  });

  const failures: Record<string, FaultBehaviour> = {
    "status 503": { kind: "status", status: 503 },
    "status 500": { kind: "status", status: 500 },
    "status 429": { kind: "status", status: 429 },
    "HTML with status 200": { kind: "html", status: 200 },
    "HTML with status 502": { kind: "html", status: 502 },
    "plain text": { kind: "text", status: 403 },
    "a huge body": { kind: "huge-body", bytes: 1_000_000 },
    "half a JSON": { kind: "half-json" },
    "no object": { kind: "body", body: "[]" },
    "no access token": { kind: "members", remove: ["access_token"] },
    "a redirect": { kind: "redirect" },
    "a reset before": { kind: "reset-before-consume" },
    "a reset after": { kind: "reset-after-consume" },
  };
  it.each(Object.entries(failures))(
    "%s: 503 with Retry-After, cookies untouched, recovery by itself",
    async (_name, fault) => {
      const { app, browser } = await withExpiredToken(where);
      const before = logins(app);
      const values = async () => (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`);
      const cookies = await values();
      app.provider.fault({ ...fault, at: "token" });
      const answer = await browser.call(`${app.origin}/me`);
      expect([answer.status, codeOf(answer)]).toEqual([503, "provider_unavailable"]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(answer.setCookies).toEqual([]);
      const page = await browser.navigate(`${app.origin}/me`);
      expect(page.status).toBe(503);
      expect(await values()).toEqual(cookies);
      app.provider.clearFaults();
      // An answer that was lost was asked for twice.
      app.clock.advance(2_000);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
      expect(logins(app)).toBe(before);
      expect(app.provider.violations).toEqual([]);
    },
  );

  it.each([
    [3, 3],
    [13_749, 900],
  ])("429 with Retry-After %i: no request for %i s, one after", async (asked, kept) => {
    const { app, browser } = await withExpiredToken(where);
    app.provider.fault({ at: "token", kind: "status", status: 429, retryAfter: asked, times: 1 });
    const answer = await browser.call(`${app.origin}/me`);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, String(kept)]);
    app.clock.advance(kept * 1_000 - 1);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(503);
    expect(app.refreshes()).toBe(1);
    app.clock.advance(1);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.refreshes()).toBe(2);
  });
});

describe("time that passes for real", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(places)("a provider that never answers costs 10 s and not the session (%s)", async (where) => {
    const { app, browser } = await withExpiredToken(where);
    const before = logins(app);
    app.provider.fault({ at: "token", kind: "hang", times: 1 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const began = performance.now();
    let took = 0;
    const answer = browser.call(`${app.origin}/me`).then((page) => {
      took = performance.now() - began;
      return page;
    });
    await vi.waitUntil(() => app.refreshes() === 1);
    await vi.advanceTimersByTimeAsync(60_000);
    const page = await answer;
    expect([page.status, codeOf(page)]).toEqual([503, "provider_unavailable"]);
    expect(took).toBeLessThanOrEqual(11_000);
    vi.useRealTimers();
    app.clock.advance(1_000);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(logins(app)).toBe(before);
  });

  it("new tokens that the store does not take are used, told of, and saved when it is back, however late", async () => {
    const clock = createClock();
    const store = memoryStore({ now: clock.now });
    let isAway = false;
    const failing: RecordStore = {
      ...store,
      commit: (...input) => {
        if (isAway) throw new Error("The store is away.");
        return store.commit(...input);
      },
    };
    const app = createRefreshApp("memory", { clock, provider: { rotation: "strict" }, options: { store: failing } });
    const { cookie } = await logIn(app);
    clock.advance(hour + 1);
    isAway = true;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    expect((await callWith(app, cookie)).status).toBe(200);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect((await callWith(app, cookie)).status).toBe(200);
    expect(app.events.filter(({ type }) => type === "refresh.commit_failed")).toHaveLength(1);
    isAway = false;
    expect((await callWith(app, cookie)).status).toBe(200);
    expect(app.refreshes()).toBe(1);
    clock.advance(hour + 1);
    expect((await callWith(app, cookie)).status).toBe(200);
    expect(app.refreshes()).toBe(2);
    expect(app.provider.violations).toEqual([]);
  });

  it("a store that is away while a refusal is checked keeps the session", async () => {
    const clock = createClock();
    const store = memoryStore({ now: clock.now });
    let isAway = false;
    const failing: RecordStore = {
      ...store,
      end: (...input) => {
        if (isAway) throw new Error("The store is away.");
        return store.end(...input);
      },
    };
    const app = createRefreshApp("memory", { clock, options: { store: failing } });
    const { browser } = await logIn(app);
    clock.advance(hour + 1);
    app.provider.fault({ at: "token", kind: "status", status: 400, body: { error: "invalid_grant" }, times: 1 });
    isAway = true;
    const answer = await browser.call(`${app.origin}/me`);
    expect([answer.status, answer.setCookies]).toEqual([503, []]);
    isAway = false;
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });
});
