import { inspect } from "node:util";
import { spotify } from "@pixy/providers/spotify";
import { defineProvider, fromRequest, memoryStore, type RequestHandle, type SignedIn } from "@pixy/server";
import { createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { countingStore } from "../lib/counting.ts";
import { createRefreshApp, logIn } from "../lib/refresh-app.ts";
import { createWebApp, type Profile, type WebApp, type WebAppOptions } from "../lib/web-app.ts";

const hour = 3_600_000;

/** A handle with what its types keep back until somebody is known to be signed in. */
type Whole = RequestHandle<Profile> & SignedIn<Profile> & { readonly own: { end(reason: "logout"): Promise<unknown> } };

/** Opens a request of this browser that no route of the app answers. */
async function opened(app: WebApp, browser?: ReturnType<WebApp["browser"]>): Promise<Whole> {
  const cookies = (await browser?.cookies(`${app.origin}/`)) ?? [];
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  return app.auth.open(fromRequest(new Request(`${app.origin}/`, { headers: { cookie } }))) as unknown as Whole;
}

/** An app with somebody logged in, and what opens a request of that browser. */
async function loggedIn(options: WebAppOptions = {}) {
  const app = createWebApp(options);
  const browser = app.browser();
  await browser.login(`${app.origin}/auth/login`, { person: "ada" });
  return { app, browser, open: () => opened(app, browser) };
}

const setCookies = (handle: { takeResponseHeaders(): Iterable<readonly [string, string]> }): string[] =>
  [...handle.takeResponseHeaders()].flatMap(([name, value]) => (name === "set-cookie" ? [value] : []));

describe("handle", () => {
  it("says nothing of its session where somebody prints it", async () => {
    const { app, browser } = await loggedIn();
    const cookie = (await browser.cookies(`${app.origin}/`)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const handle = app.auth.open({ method: "GET", url: "/", header: (name) => (name === "cookie" ? cookie : null) });
    expect(await handle.session()).not.toBeNull();
    expect(inspect(handle, { depth: 9, showHidden: true }) + JSON.stringify(handle)).not.toContain(cookie.slice(-40));
  });

  it("knows nobody before it has looked, and says so", async () => {
    const { app, open } = await loggedIn();
    const handle = await open();
    expect(() => handle.current).toThrow(expect.objectContaining({ code: "login_required" }));
    expect((await handle.requireSession()).data).toEqual({ name: "Ada Lovelace" });
    expect(handle.current.data).toEqual({ name: "Ada Lovelace" });
    const stranger = await opened(app);
    await expect(stranger.requireSession()).rejects.toMatchObject({ code: "login_required" });
    await expect(stranger.accessToken()).rejects.toMatchObject({ code: "login_required" });
  });

  it("has a scope only if it has each that is asked for", async () => {
    const { open } = await loggedIn();
    const handle = await open();
    expect(await handle.hasScope("user-read-private")).toBe(true);
    expect(await handle.hasScope("user-read-private", "playlist-read-private")).toBe(false);
  });

  it("hands on nothing after a session was only read", async () => {
    const { open } = await loggedIn();
    const handle = await open();
    expect(await handle.session()).not.toBeNull();
    expect(handle.forwardedCookieHeader()).toBeNull();
    expect(setCookies(handle)).toEqual([]);
  });

  it("tells the browser after each of two refreshes", async () => {
    const { app, open } = await loggedIn();
    const handle = await open();
    for (const _ of [1, 2]) {
      app.clock.advance(hour);
      await handle.accessToken();
      const lines = setCookies(handle);
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toMatch(/max-age=0/i);
    }
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(2);
  });

  it("a person stays signed in with a token that works while the provider is down", async () => {
    const { app, open } = await loggedIn();
    app.clock.advance(hour - 10_000);
    app.provider.fault({ at: "token", kind: "status", status: 503, times: 1 });
    const handle = await open();
    expect(await handle.signedIn()).not.toBeNull();
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("asks the provider once for tokens that come expired, and uses them until the API refuses them", async () => {
    const { app, open } = await loggedIn();
    app.clock.advance(hour);
    app.provider.fault({ at: "token", kind: "members", set: { expires_in: 0 }, times: 9 });
    const handle = await open();
    expect(await handle.accessToken()).toEqual(expect.any(String));
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("revokes at a logout and not where a new login takes a session's place", async () => {
    const sent: string[] = [];
    const provider = defineProvider({ ...spotify, revocationEndpoint: `${spotify.issuer}/api/revoke` });
    const base: { fetch?: typeof fetch } = {};
    const counting: typeof fetch = (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      if (pathname !== "/api/revoke") return base.fetch?.(input, init) ?? Promise.reject(new Error("Not yet."));
      sent.push(pathname);
      return Promise.resolve(new Response());
    };
    const app = createWebApp({ options: { provider, fetch: counting } });
    base.fetch = app.provider.fetch as typeof fetch;
    const browser = app.browser();
    await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    await browser.login(`${app.origin}/auth/login`, { person: "grace" });
    expect(sent).toEqual([]);
    await (await opened(app, browser)).own.end("logout");
    await expect.poll(() => sent).toEqual(["/api/revoke"]);
  });

  it("says reauth_required as often as it is asked, once the refresh token is missing", async () => {
    const app = createWebApp();
    const browser = app.browser();
    app.provider.fault({ at: "token", kind: "members", set: { refresh_token: null }, times: 1 });
    await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    app.clock.advance(hour);
    const handle = await opened(app, browser);
    for (const _ of [1, 2]) await expect(handle.accessToken()).rejects.toMatchObject({ code: "reauth_required" });
    expect(await handle.session()).toBeNull();
    expect(setCookies(handle)[0]).toMatch(/max-age=0/i);
  });

  it("leaves the browser alone where somebody logged out while the request was on its way", async () => {
    const { app, browser, open } = await loggedIn({ options: { store: memoryStore() } });
    const handle = await open();
    await handle.session();
    await (await open()).own.end("logout");
    app.clock.advance(hour);
    for (const _ of [1, 2]) await expect(handle.accessToken()).rejects.toMatchObject({ code: "login_required" });
    expect(setCookies(handle)).toEqual([]);
    expect(await browser.cookies(`${app.origin}/`)).not.toEqual([]);
    expect(app.provider.tokenRequests("refresh_token")).toEqual([]);
  });

  it("a 401 for a token that was replaced meanwhile asks the provider for nothing", async () => {
    const base: { fetch?: typeof fetch } = {};
    let api: (() => Promise<Response>) | undefined;
    const refusing: typeof fetch = (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      if (api !== undefined && hostname === "api.spotify.com") return api();
      return base.fetch?.(input, init) ?? Promise.reject(new Error("Not yet."));
    };
    const app = createWebApp({ options: { fetch: refusing } });
    base.fetch = app.provider.fetch as typeof fetch;
    const browser = app.browser();
    await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    const handle = await opened(app, browser);
    const refused = () => new Response(null, { status: 401 });
    const late = Promise.withResolvers<Response>();
    const answers = [() => late.promise, async () => refused()];
    api = () => (answers.shift() ?? (async () => Response.json({})))();
    const slow = handle.fetch("/v1/me");
    expect((await handle.fetch("/v1/me")).status).toBe(200);
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(1);
    late.resolve(refused());
    expect((await slow).status).toBe(200);
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(1);
  });
});

describe("a handle that the app has asked before our routes do", () => {
  /** Asks one of our routes with the cookies of a browser, in an app that reads the session first and refreshes it. */
  async function asked(app: WebApp, browser: ReturnType<WebApp["browser"]>, url: string, method = "GET") {
    const cookies = (await browser.cookies(`${app.origin}/`)).map(({ name, value }) => `${name}=${value}`);
    const headers = { cookie: cookies.join("; "), "sec-fetch-site": "same-origin" };
    const handle = app.auth.open(fromRequest(new Request(new URL(url, app.origin), { method, headers })));
    await handle.signedIn();
    const answer = await app.auth.respond(handle);
    const lines = answer.headers.getSetCookie().filter((line) => /^__Host-pixy=/.test(line));
    return { answer, lines, left: setCookies(handle) };
  }

  it("reads the store once for both, for a logout too: what it ends the deletion tells", async () => {
    const clock = createClock();
    const store = countingStore(clock.now);
    const { app, browser } = await loggedIn({ clock, options: { store } });
    for (const [path, method, reads] of [
      ["/auth/session", "GET", 1],
      ["/auth/logout", "POST", 1],
    ] as const) {
      store.take();
      const { answer } = await asked(app, browser, path, method);
      expect([path, answer.status < 400, store.take().reads]).toEqual([path, true, reads]);
    }
  });

  it("brings what the app's refresh gave, with the answer of any route", async () => {
    for (const path of ["/auth/session", "/auth/login", "/auth/callback?code=x&state=y", "/auth/nothing"]) {
      const { app, browser } = await loggedIn();
      app.clock.advance(hour);
      const { lines, left } = await asked(app, browser, path);
      expect([path, lines, left]).toEqual([path, [expect.stringMatching(/^__Host-pixy=[\w.~-]{99,};/)], []]);
    }
  });

  it("brings the new login's cookie and no other, and a logout clears it", async () => {
    const { app, browser } = await loggedIn();
    app.clock.advance(hour);
    const page = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
    const callback = await app.provider.authorize(page.headers.get("location") ?? "", { person: "grace" });
    const { lines } = await asked(app, browser, callback);
    expect(lines).toEqual([expect.stringMatching(/^__Host-pixy=[\w.~-]{99,};/)]);
    const cookie = lines[0]?.split(";")[0] ?? "";
    const session = await app.auth.open(fromRequest(new Request(app.origin, { headers: { cookie } }))).session();
    expect(session?.data).toEqual({ name: "Grace Hopper" });
    expect((await asked(app, browser, "/auth/logout", "POST")).lines).toEqual([
      expect.stringMatching(/^__Host-pixy=; Max-Age=0;/),
    ]);
  });
});

describe("an answer that leaves while the provider is asked", () => {
  it("logs nobody out, hours later, although its cookie was lost", async () => {
    const app = createRefreshApp("cookie", { provider: { rotation: "strict" } });
    const { browser, cookie } = await logIn(app);
    app.clock.advance(hour);
    let isSent = false;
    const request = new Request(`${app.origin}/me`, { headers: { cookie } });
    const handle = app.auth.open(fromRequest(request), { canSetCookies: () => !isSent });
    app.provider.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const asked = handle.fetch("/v1/me");
    while (app.refreshes() === 0) await new Promise((resolve) => setImmediate(resolve));
    isSent = true;
    app.open(1);
    expect((await asked).status).toBe(200);
    app.clock.advance(8 * hour);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.provider.violations).toEqual([]);
  });

  it("waits for the cookie where the adapter can, and for nothing else", async () => {
    const app = createRefreshApp("cookie");
    const { cookie } = await logIn(app);
    const open = () => app.auth.open(fromRequest(new Request(`${app.origin}/me`, { headers: { cookie } })));
    const idle = open();
    expect(idle.settled()).toBeNull();
    await idle.session();
    expect(idle.settled()).toBeNull();
    app.clock.advance(hour);
    app.provider.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const handle = open();
    const asked = handle.fetch("/v1/me");
    const settled = handle.settled();
    app.open(1);
    await settled;
    expect(handle.takeResponseHeaders().map(([name]) => name)).toContain("set-cookie");
    expect([(await asked).status, handle.settled()]).toEqual([200, null]);
  });

  it("is no matter where a store keeps the session", async () => {
    const app = createRefreshApp("memory");
    const { cookie } = await logIn(app);
    app.clock.advance(hour);
    const handle = app.auth.open(fromRequest(new Request(`${app.origin}/me`, { headers: { cookie } })));
    const asked = handle.fetch("/v1/me");
    expect(handle.settled()).toBeNull();
    expect((await asked).status).toBe(200);
  });
});

describe("a request that becomes a WebSocket", () => {
  async function upgrading(where: "cookie" | "memory", seconds: number) {
    const clock = createClock();
    const store = where === "memory" ? memoryStore({ now: clock.now }) : undefined;
    const { app, browser } = await loggedIn({ clock, options: { store } });
    clock.advance(seconds * 1_000);
    const cookie = (await browser.cookies(`${app.origin}/`)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const headers: Record<string, string> = { cookie, upgrade: "WebSocket", connection: "Upgrade" };
    const header = (name: string) => headers[name] ?? null;
    const handle = app.auth.open({ method: "GET", url: "/socket", header });
    const verdict = await app.auth.requireLogin(handle);
    const answer = verdict instanceof Response ? ((await verdict.json()) as { code: string }).code : "passes";
    return [answer, app.provider.tokenRequests("refresh_token").length];
  }

  it("spends no refresh token where its successor's cookie may be lost, and passes while the token works", async () => {
    expect(await upgrading("cookie", 3_590)).toEqual(["passes", 0]);
    expect(await upgrading("cookie", 3_601)).toEqual(["refresh_needed", 0]);
  });

  it("refreshes where a store keeps the session", async () => {
    expect(await upgrading("memory", 3_590)).toEqual(["passes", 1]);
    expect(await upgrading("memory", 3_601)).toEqual(["passes", 1]);
  });
});
