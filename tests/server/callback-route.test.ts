import { memoryStore, type PixyEvent, type RecordStore } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebApp } from "../lib/web-app.ts";

/** Starts a login and lets the person say yes; the callback is not visited yet. */
async function started(app: WebApp, path = "/auth/login?returnTo=/me") {
  const browser = app.browser();
  const page = await browser.navigate(`${app.origin}${path}`, { follow: false });
  const authorization = page.headers.get("location") ?? "";
  const callback = await app.provider.authorize(authorization, { person: "ada" });
  return { browser, authorization: new URL(authorization), callback: new URL(callback) };
}

async function isLoggedIn(app: WebApp, browser: ReturnType<WebApp["browser"]>): Promise<boolean> {
  return ((await browser.call(`${app.origin}/auth/session`)).json() as { loggedIn: boolean }).loggedIn;
}

const names = async (app: WebApp, browser: ReturnType<WebApp["browser"]>) =>
  (await browser.cookies(`${app.origin}/`)).map((cookie) => cookie.name);

describe("callback", () => {
  it("A30 leads to a clean URL and leaves no login cookie", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    expect((await names(app, browser)).filter((name) => name.includes("-login-"))).toHaveLength(1);
    const answer = await browser.navigate(callback, { follow: false });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/me");
    expect(answer.headers.get("cache-control")).toContain("no-store");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.body).toBe("");
    expect((await names(app, browser)).filter((name) => name.includes("-login-"))).toEqual([]);
  });

  it.each(["read", "delete"] as const)(
    "stands when the store cannot %s the session that it replaces: the code is spent",
    async (step) => {
      const rows = memoryStore();
      let isAway = false;
      const away = async (): Promise<never> => {
        throw new Error("The store is away.");
      };
      const store: RecordStore = {
        ...rows,
        read: (key) => (isAway && step === "read" ? away() : rows.read(key)),
        delete: (key) => (isAway && step === "delete" ? away() : rows.delete(key)),
      };
      const events: PixyEvent[] = [];
      const app = createWebApp({ options: { store, onEvent: (event) => events.push(event) } });
      const { browser, callback: first } = await started(app);
      await browser.navigate(first);
      const authorization = await browser.navigate(`${app.origin}/auth/login?returnTo=/me`, { follow: false });
      const location = authorization.headers.get("location") ?? "";
      const second = await app.provider.authorize(location, { person: "grace" });
      isAway = true;
      expect((await browser.navigate(second, { follow: false })).status).toBe(303);
      isAway = false;
      expect((await browser.call(`${app.origin}/me`)).json()).toMatchObject({ display_name: "Grace Hopper" });
      expect(events.map(({ type }) => type)).toContain("session.end_failed");
    },
  );

  const changes: Record<string, (url: URL) => void> = {
    "A11 state missing": (url) => url.searchParams.delete("state"),
    "A11 state other": (url) => url.searchParams.set("state", "A".repeat(43)),
    "A11 state with its last character changed": (url) => {
      const state = url.searchParams.get("state") ?? "";
      url.searchParams.set("state", state.slice(0, -1) + (state.endsWith("A") ? "B" : "A"));
    },
    "A11 state in another case": (url) => {
      const state = url.searchParams.get("state") ?? "";
      url.searchParams.set("state", state === state.toLowerCase() ? state.toUpperCase() : state.toLowerCase());
    },
    "A11 state as a prefix": (url) => url.searchParams.set("state", (url.searchParams.get("state") ?? "").slice(0, 20)),
    "A8 state repeated": (url) => url.searchParams.append("state", url.searchParams.get("state") ?? ""),
    "A8 code repeated": (url) => url.searchParams.append("code", "another"),
    "A8 iss repeated": (url) => {
      url.searchParams.append("iss", "https://accounts.spotify.com");
      url.searchParams.append("iss", "https://accounts.spotify.com");
    },
    "A9 code empty": (url) => url.searchParams.set("code", ""),
    "A9 code missing": (url) => url.searchParams.delete("code"),
    "A31 code of 17 kB": (url) => url.searchParams.set("code", "c".repeat(17_000)),
    "S1 iss of another server": (url) => url.searchParams.set("iss", "https://evil.example"),
    "S1 iss with a slash": (url) => url.searchParams.set("iss", "https://accounts.spotify.com/"),
    "S1 iss empty": (url) => url.searchParams.set("iss", ""),
  };
  const unknownStates = new Set([
    "A11 state other",
    "A11 state with its last character changed",
    "A11 state in another case",
    "A11 state as a prefix",
  ]);
  for (const [name, change] of Object.entries(changes)) {
    it(`${name}: 400, no token request, the login can still be finished`, async () => {
      const app = createWebApp();
      const { browser, callback } = await started(app);
      const bad = new URL(callback);
      change(bad);
      const answer = await browser.navigate(bad, { follow: false });
      expect(answer.status).toBe(400);
      expect(answer.body).toContain(unknownStates.has(name) ? "login_not_found" : "callback_invalid");
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect(answer.headers.get("x-frame-options")).toBe("DENY");
      expect(app.provider.tokenRequests()).toEqual([]);
      expect(await isLoggedIn(app, browser)).toBe(false);
      await browser.navigate(callback);
      expect(await isLoggedIn(app, browser)).toBe(true);
    });
  }

  it("A11 says that a login took too long, and that no login is known, each in its own words", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    app.clock.advance(3_600_000);
    const late = await browser.navigate(callback, { follow: false });
    expect([late.status, late.body.includes("login_expired")]).toEqual([400, true]);
    const nobody = await app.browser().navigate(`${app.origin}/auth/callback`, { follow: false });
    expect([nobody.status, nobody.body.includes("callback_invalid")]).toEqual([400, true]);
    expect(app.provider.tokenRequests()).toEqual([]);
  });

  it("tells of every login how it ended", async () => {
    const events: PixyEvent[] = [];
    const app = createWebApp({ options: { onEvent: (event) => events.push(event) } });
    const browser = app.browser();
    const told = () => events.splice(0).filter(({ type }) => !type.startsWith("cookie."));
    await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    const scope = ["user-read-private"];
    expect(told()).toEqual([
      { type: "login.started", provider: null, clientId: "client-of-the-app", scope },
      { type: "login.completed", provider: null, session: expect.any(String), scope },
    ]);
    await browser.login(`${app.origin}/auth/login`, { person: "grace" });
    expect(told().map((event) => [event.type, "reason" in event && event.reason])).toEqual([
      ["login.started", false],
      ["login.completed", false],
      ["session.ended", "replaced"],
    ]);
    await browser.login(`${app.origin}/auth/login`, { person: "deny" });
    expect(told().slice(1)).toEqual([{ type: "login.refused", by: "provider", error: "access_denied" }]);
    await browser.navigate(`${app.origin}/auth/callback?code=c&state=s`);
    expect(told()).toEqual([
      { type: "login.failed", code: "login_not_found", error: expect.objectContaining({ name: "RequestError" }) },
    ]);
  });

  it("A14 tells an error that cannot be printed by question marks", async () => {
    const events: PixyEvent[] = [];
    const app = createWebApp({ options: { onEvent: (event) => events.push(event) } });
    const { browser, callback } = await started(app);
    callback.searchParams.delete("code");
    callback.searchParams.set("error", "\u0007");
    const answer = await browser.navigate(callback, { follow: false });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/me?auth_error=%3F"]);
    expect(events.at(-1)).toEqual({ type: "login.refused", by: "provider", error: "?" });
  });

  it("tells of a refusal once, and no more after a login", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const again = (page: { readonly url: string }) =>
      `${app.origin}/auth/login?returnTo=${encodeURIComponent(page.url.slice(app.origin.length))}`;
    const refused = await browser.login(`${app.origin}/me?a=1`, { person: "deny" });
    const twice = await browser.login(again(refused), { person: "deny" });
    expect([refused.url, twice.url]).toEqual(Array(2).fill(`${app.origin}/me?a=1&auth_error=access_denied`));
    expect((await browser.login(again(twice), { person: "ada" })).url).toBe(`${app.origin}/me?a=1`);
  });

  it("A12 takes code and error together as an error", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    const answer = await browser.navigate(`${callback}&error=access_denied`, { follow: false });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/me?auth_error=access_denied"]);
    expect(app.provider.tokenRequests()).toEqual([]);
  });

  it("A10 ignores parameters it does not know", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    const page = await browser.navigate(`${callback}&foo=1&session_state=x&authuser=0&scope=everything`);
    expect(page.url).toBe(`${app.origin}/me`);
  });

  it("A14 never shows what the provider sends in words", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    const state = callback.searchParams.get("state");
    const url = `${app.origin}/auth/callback?error=%3Cscript%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E&error_uri=javascript:alert(1)&state=${state}`;
    const answer = await browser.navigate(url, { follow: false });
    expect(answer.status).toBeLessThan(500);
    expect(answer.body + JSON.stringify([...answer.headers])).not.toMatch(/<script|javascript:/);
  });

  it("A13 tells errors only to the browser that has the login", async () => {
    const app = createWebApp();
    const answer = await app
      .browser()
      .navigate(`${app.origin}/auth/callback?error=access_denied&state=${"A".repeat(43)}`);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain("access_denied");
  });

  it("A29 refuses a login that another browser started, in every store", async () => {
    const app = createWebApp();
    const { callback } = await started(app);
    const victim = app.browser();
    expect((await victim.navigate(callback, { follow: false })).status).toBe(400);
    expect(await isLoggedIn(app, victim)).toBe(false);
    expect(app.provider.tokenRequests()).toEqual([]);
  });

  it("A18 exchanges a code once, however often the callback comes", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    const twin = await browser.clone();
    const answers = await Promise.all([
      browser.navigate(callback, { follow: false }),
      twin.navigate(callback, { follow: false }),
    ]);
    expect(answers.map((answer) => [answer.status, answer.headers.get("location")])).toEqual([
      [303, "/me"],
      [303, "/me"],
    ]);
    expect([await isLoggedIn(app, browser), await isLoggedIn(app, twin)]).toEqual([true, true]);
    const again = await browser.navigate(callback, { follow: false });
    expect([again.status, again.headers.get("location")]).toEqual([303, "/me"]);
    app.clock.advance(120_000);
    const late = await browser.navigate(callback, { follow: false });
    expect([late.status, late.headers.get("location")]).toEqual([303, "/"]);
    expect(app.provider.tokenRequests()).toHaveLength(1);
    expect(app.provider.violations).toEqual([]);
  });

  it("A18 does not end the session of the first callback where a twin brings its cookie", async () => {
    const app = createWebApp({ options: { store: memoryStore() } });
    const { browser, callback } = await started(app);
    const cookies = async () =>
      (await browser.cookies(`${app.origin}/`)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const before = await cookies();
    await browser.navigate(callback, { follow: false });
    const twin = new Request(callback, { headers: { cookie: `${before}; ${await cookies()}` } });
    expect((await app.fetch(twin)).status).toBe(303);
    expect(await isLoggedIn(app, browser)).toBe(true);
  });

  it("remembers the last five finished logins, and a changed state is none of them", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const callbacks: URL[] = [];
    for (let count = 0; count < 6; count++) {
      const page = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
      const callback = await app.provider.authorize(page.headers.get("location") ?? "", { person: "ada" });
      await browser.navigate(callback);
      callbacks.push(new URL(callback));
    }
    const statuses = [];
    for (const callback of callbacks) statuses.push((await browser.navigate(callback, { follow: false })).status);
    expect(statuses).toEqual([400, 303, 303, 303, 303, 303]);
    const changed = callbacks.at(-1) as URL;
    const state = changed.searchParams.get("state") ?? "";
    changed.searchParams.set("state", state.slice(0, -1) + (state.endsWith("A") ? "B" : "A"));
    expect((await browser.navigate(changed, { follow: false })).status).toBe(400);
    expect(await isLoggedIn(app, browser)).toBe(true);
  });

  it("two tabs log in at once, and each ends at its own page", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const start = async (path: string) => {
      const page = await browser.navigate(`${app.origin}/auth/login?returnTo=${path}`, { follow: false });
      return app.provider.authorize(page.headers.get("location") ?? "", { person: "ada" });
    };
    const first = await start("/me?tab=a");
    const second = await start("/me?tab=b");
    expect((await browser.navigate(second)).url).toBe(`${app.origin}/me?tab=b`);
    expect((await browser.navigate(first)).url).toBe(`${app.origin}/me?tab=a`);
    expect(app.provider.violations).toEqual([]);
  });

  it("C17 of 50 abandoned logins the newest five can be finished, in less than 4 kB", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const callbacks: string[] = [];
    for (let count = 0; count < 50; count++) {
      app.clock.advance(1_000);
      const page = await browser.navigate(`${app.origin}/auth/login?returnTo=/me?n=${count}`, { follow: false });
      callbacks.push(page.headers.get("location") ?? "");
    }
    const cookies = (await browser.cookies(app.origin)).filter((cookie) => cookie.name.includes("-login-"));
    expect(cookies).toHaveLength(5);
    expect(cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ").length).toBeLessThan(4096);
    for (let count = 45; count < 50; count++) {
      const callback = await app.provider.authorize(callbacks[count] ?? "", { person: "ada" });
      expect((await browser.navigate(callback)).url).toBe(`${app.origin}/me?n=${count}`);
    }
  });

  it("a person who clicks Cancel is back in the app, and can log in again", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/auth/login?returnTo=/public?x=1%23h`, { person: "deny" });
    expect(new URL(page.url).pathname).toBe("/public");
    expect(new URL(page.url).searchParams.get("auth_error")).toBe("access_denied");
    expect((await names(app, browser)).some((name) => name.includes("-login-"))).toBe(false);
    expect((await browser.login(`${app.origin}/me`, { person: "ada" })).status).toBe(200);
  });

  it("a person who clicks Cancel on the way to a guarded page is not sent straight back to the provider", async () => {
    const app = createWebApp();
    const page = await app.browser().login(`${app.origin}/me`, { person: "deny" });
    expect(page.url).toBe(`${app.origin}/me?auth_error=access_denied`);
    expect(page.status).toBe(401);
    expect(page.body).toContain("Log in");
  });

  it("replaces the session whole: a new id, and the old cookie opens nothing", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const before = await browser.clone();
    await browser.login(`${app.origin}/auth/login`, { person: "grace" });
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Grace Hopper");
    expect(await isLoggedIn(app, before)).toBe(false);
  });

  it("onLogin that throws: 503 and no session", async () => {
    const app = createWebApp({
      options: {
        onLogin: () => {
          throw new Error("database away");
        },
      },
    });
    const { browser, callback } = await started(app);
    const answer = await browser.navigate(callback, { follow: false });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(answer.body).toContain("login_handler_failed");
    expect(answer.body).toContain('href="/auth/login?returnTo=%2Fme"');
    expect(await isLoggedIn(app, browser)).toBe(false);
  });

  it("a provider that cannot be reached: 503, and a reload of the same page finishes the login", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    app.provider.fault({ at: "token", kind: "status", status: 503, retryAfter: 3, times: 1 });
    const answer = await browser.navigate(callback, { follow: false });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3"]);
    expect(answer.setCookies).toEqual([]);
    expect((await browser.navigate(callback)).url).toBe(`${app.origin}/me`);
  });

  const spoiled = [
    { kind: "html", status: 200 },
    { kind: "html", status: 502 },
    { kind: "huge-body" },
    { kind: "half-json" },
    { kind: "redirect" },
    { kind: "reset-after-consume" },
  ] as const;
  for (const fault of spoiled) {
    it(`a token answer that is spoiled (${JSON.stringify(fault)}) changes no session`, async () => {
      const app = createWebApp();
      const browser = app.browser();
      await browser.login(`${app.origin}/me`, { person: "ada" });
      const page = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
      const callback = await app.provider.authorize(page.headers.get("location") ?? "", { person: "grace" });
      app.provider.fault({ at: "token", times: 1, ...fault });
      const answer = await browser.navigate(callback, { follow: false });
      expect(answer.status).toBe(503);
      expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
      expect(app.provider.violations).toEqual([]);
    });
  }

  it("A18 sends a code once whose answer was lost: a reload asks nothing and leads to the page", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    app.provider.fault({ at: "token", kind: "half-json", times: 1 });
    const answer = await browser.navigate(callback, { follow: false });
    expect(answer.status).toBe(503);
    expect((await names(app, browser)).filter((name) => name.includes("-login-"))).toEqual([]);
    const again = await browser.navigate(callback, { follow: false });
    expect([again.status, again.headers.get("location")]).toEqual([303, "/me"]);
    expect(app.provider.tokenRequests()).toHaveLength(1);
    expect(await isLoggedIn(app, browser)).toBe(false);
  });

  it("F4 F5 takes a cross-site navigation and no part of a page", async () => {
    const app = createWebApp();
    const { browser, callback } = await started(app);
    for (const destination of ["image", "iframe", "script"]) {
      const answer = await browser.navigate(callback, { follow: false, headers: { "sec-fetch-dest": destination } });
      expect([answer.status, answer.body.includes("not_a_navigation")]).toEqual([400, true]);
    }
    const fetched = { "sec-fetch-dest": "empty", "sec-fetch-mode": "cors" };
    expect((await browser.navigate(callback, { follow: false, headers: fetched })).status).toBe(400);
    // E1: a service worker passed it through.
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-dest": "empty" };
    expect((await browser.navigate(callback, { follow: false, headers })).status).toBe(303);
  });
});
