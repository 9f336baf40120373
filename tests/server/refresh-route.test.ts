import { fromRequest, type RequestHandle } from "@pixy/server";
import type { UserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createRefreshApp, logIn, type RefreshApp, type Where } from "../lib/refresh-app.ts";

const hour = 3_600_000;

async function world(where: Where = "cookie", input: Parameters<typeof createRefreshApp>[1] = {}) {
  const app = createRefreshApp(where, { provider: { rotation: "strict" }, ...input });
  const { browser } = await logIn(app);
  app.provider.reset();
  const at = (path: string) => `${app.origin}${path}`;
  const go = (path: string, headers: Record<string, string> = {}) =>
    browser.navigate(at(path), { follow: false, headers });
  return { app, browser, at, go };
}

/** What a page that cannot set cookies does with its token: where it leads, or what it gets. */
async function render(app: RefreshApp, browser: UserAgent, use: (handle: RequestHandle) => Promise<unknown>) {
  const cookies = await browser.cookies(`${app.origin}/`);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const request = fromRequest(new Request(`${app.origin}/page?a=1`, { headers: { cookie } }));
  const led = new Error("led");
  let path: string | null = null;
  const handle = app.auth.open(request, {
    canSetCookies: () => false,
    onRefreshNeeded: async (refused) => {
      path = app.auth.refreshPath(request.url, refused);
      throw led;
    },
  });
  const got = await use(handle as RequestHandle).catch((error: unknown) => {
    if (error !== led) throw error;
  });
  return path ?? got;
}

const status = async (handle: RequestHandle) => (await handle.fetch("/v1/me")).status;
const isSignedIn = async (handle: RequestHandle) => (await handle.signedIn()) !== null;

describe("the refresh route", () => {
  it("renews what is due, once, and leads back", async () => {
    const { app, go, browser, at } = await world();
    app.clock.advance(hour);
    const answer = await go("/auth/refresh?returnTo=/page?a=1");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/page?a=1"]);
    expect(answer.setCookies.map((line) => line.split("=")[0]).sort()).toEqual(["__Host-pixy", "__Host-pixy-pass"]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(app.refreshes()).toBe(1);
    expect((await go("/auth/refresh?returnTo=/page")).setCookies).toEqual([]);
    expect((await browser.call(at("/me"))).status).toBe(200);
    expect(app.refreshes()).toBe(1);
    expect(app.provider.violations).toEqual([]);
  });

  it("spends nothing for a token that works, nor for somebody's guess of one that was refused", async () => {
    const { app, go } = await world();
    for (const query of ["", "&refused=", `&refused=${"A".repeat(16)}`, "&refused=a&refused=b"]) {
      const answer = await go(`/auth/refresh?returnTo=/page${query}`);
      expect([answer.status, answer.headers.get("location"), answer.setCookies]).toEqual([303, "/page", []]);
    }
    expect(app.provider.requests).toEqual([]);
  });

  it("leads back who is not logged in, and nobody out of the app", async () => {
    const { app } = await world();
    const stranger = app.browser();
    const led = async (returnTo: string) => {
      const url = `${app.origin}/auth/refresh?returnTo=${encodeURIComponent(returnTo)}`;
      return (await stranger.navigate(url, { follow: false })).headers.get("location");
    };
    expect(await led("/page#part")).toBe("/page#part");
    const out = [
      "https://evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
      "/..//evil.example",
    ];
    const own = ["/auth/refresh?returnTo=/", "/auth/refresh/", "/auth/login", "/AUTH/%72efresh", "/auth/callback"];
    for (const returnTo of [...out, ...own, "", "/x".repeat(2_000)]) expect(await led(returnTo)).toBe("/");
    const login = await stranger.navigate(`${app.origin}/auth/refresh`, { follow: false });
    expect([login.headers.get("location"), login.setCookies]).toEqual(["/", []]);
  });

  it("takes a navigation from anywhere, and spends nothing for anything else", async () => {
    const { app, go, browser, at } = await world();
    app.clock.advance(hour);
    const path = "/auth/refresh?returnTo=/page";
    const got = async (headers: Record<string, string>) => {
      const answer = await go(path, headers);
      return [answer.status, answer.headers.get("content-type"), answer.setCookies];
    };
    expect(await got({ "sec-purpose": "prefetch" })).toEqual([204, null, []]);
    expect(await got({ purpose: "prefetch" })).toEqual([204, null, []]);
    const text = [200, "text/plain; charset=utf-8", []];
    expect(await got({ rsc: "1" })).toEqual(text);
    expect(await got({ rsc: "1", "next-router-prefetch": "1" })).toEqual(text);
    for (const destination of ["iframe", "image", "script", "empty"]) {
      const mode = destination === "iframe" ? "navigate" : "no-cors";
      expect((await got({ "sec-fetch-dest": destination, "sec-fetch-mode": mode }))[0]).toBe(403);
    }
    expect((await browser.call(at(path), { method: "HEAD" })).status).toBe(405);
    expect((await browser.submit(at(path), {}, { follow: false })).status).toBe(405);
    expect(app.provider.requests).toEqual([]);
    for (const site of ["cross-site", "same-site", "same-origin", "none"]) {
      expect((await go(path, { "sec-fetch-site": site })).status).toBe(303);
    }
    expect(app.refreshes()).toBe(1);
  });
});

describe("a page that cannot set cookies", () => {
  it("goes over it once for a token that is over, and has a new one then", async () => {
    const { app, browser, go } = await world();
    expect(await render(app, browser, isSignedIn)).toBe(true);
    app.clock.advance(hour - 30_000);
    expect(await render(app, browser, isSignedIn)).toBe(true);
    app.clock.advance(30_000);
    const path = await render(app, browser, isSignedIn);
    expect(path).toBe("/auth/refresh?returnTo=%2Fpage%3Fa%3D1");
    expect((await go(String(path))).headers.get("location")).toBe("/page?a=1");
    expect([await render(app, browser, isSignedIn), app.refreshes()]).toEqual([true, 1]);
  });

  it("goes over it once for a token that the API refused before its time", async () => {
    const { app, browser, go } = await world();
    app.provider.fault({ at: "api", kind: "unauthorized", times: 1 });
    const path = await render(app, browser, status);
    expect(path).toMatch(/^\/auth\/refresh\?returnTo=%2Fpage%3Fa%3D1&refused=[\w-]{16}$/);
    await go(String(path));
    expect([await render(app, browser, status), app.refreshes()]).toEqual([200, 1]);
    // The link is worth nothing any more.
    await go(String(path));
    expect(app.refreshes()).toBe(1);
  });

  it("gets what an API says that refuses each token, after one pass", async () => {
    const { app, browser, go } = await world();
    app.provider.fault({ at: "api", kind: "unauthorized", times: 99 });
    await go(String(await render(app, browser, status)));
    for (const _ of [1, 2, 3]) expect(await render(app, browser, status)).toBe(401);
    expect(app.refreshes()).toBe(1);
  });

  it("gets the error where the provider is away, after one pass, and goes again once the browser has forgotten", async () => {
    const { app, browser, go } = await world();
    app.clock.advance(hour);
    app.provider.fault({ at: "token", kind: "status", status: 503 });
    const path = String(await render(app, browser, isSignedIn));
    const pass = await go(path);
    expect([pass.status, pass.setCookies.length]).toEqual([303, 1]);
    await expect(render(app, browser, isSignedIn)).rejects.toMatchObject({ code: "provider_unavailable", status: 503 });
    const sent = app.refreshes();
    await go(path);
    expect(app.refreshes()).toBe(sent);
    app.provider.clearFaults();
    app.clock.advance(15_000);
    await browser.setCookie(app.origin, "__Host-pixy-pass=; Max-Age=0; Path=/; Secure");
    await go(String(await render(app, browser, isSignedIn)));
    expect(await render(app, browser, isSignedIn)).toBe(true);
  });

  it("learns that a login would help where the provider said no, and that none is there where it ended it", async () => {
    for (const error of ["access_denied", "invalid_grant"]) {
      const { app, browser, go } = await world();
      app.clock.advance(hour);
      app.provider.fault({ at: "token", kind: "status", status: 400, body: { error } });
      await go(String(await render(app, browser, isSignedIn)));
      expect([error, await render(app, browser, isSignedIn)]).toEqual([error, false]);
    }
  });

  it("cannot loop with tokens that live for a second", async () => {
    const { app, browser, go } = await world();
    app.provider.configure({ expiresIn: 1 });
    app.clock.advance(hour);
    const seen: unknown[] = [];
    for (let round = 0; round < 6; round++) {
      const led = await render(app, browser, isSignedIn).catch((error: { code: string }) => error.code);
      if (typeof led === "string" && led.startsWith("/")) await go(led);
      seen.push(led);
      app.clock.advance(1_500);
    }
    expect(app.refreshes()).toBe(3);
    expect(seen.at(-1)).toBe("refresh_needed");
  });

  it("needs it not where a store keeps the session", async () => {
    const { app, browser } = await world("memory");
    app.clock.advance(hour);
    expect([await render(app, browser, isSignedIn), app.refreshes()]).toEqual([true, 1]);
  });

  it("leaves nothing of it after a logout", async () => {
    const { app, browser, go, at } = await world();
    app.clock.advance(hour);
    await go("/auth/refresh?returnTo=/");
    await browser.navigate(at("/"));
    await browser.submit(at("/auth/logout"), {}, { follow: false });
    expect(await browser.cookies(at("/"))).toEqual([]);
  });
});
