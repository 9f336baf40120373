import { fromRequest, memoryStore, type RecordStore } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebApp } from "../lib/web-app.ts";

const page = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** A request of this browser that no route of the app answers. */
async function open(app: WebApp, browser: ReturnType<WebApp["browser"]>, headers: Record<string, string> = {}) {
  const cookie = (await browser.cookies(`${app.origin}/`)).map(({ name, value }) => `${name}=${value}`).join("; ");
  return app.auth.open(fromRequest(new Request(`${app.origin}/guarded`, { headers: { cookie, ...headers } })));
}

describe("guard", () => {
  it("refuses an option that there is not", async () => {
    const app = createWebApp();
    const handle = await open(app, app.browser());
    expect(() => app.auth.requireLogin(handle, { crossOrigin: "allow" } as object)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "crossOrigin" }),
    );
  });

  it("sends a page to the login, and tells everything else", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const page = await browser.navigate(`${app.origin}/me?x=1&y=%2F&z=C:\\a`, { follow: false });
    expect(page.status).toBe(302);
    const location = new URL(page.headers.get("location") ?? "", app.origin);
    expect(location.pathname).toBe("/auth/login");
    expect(location.searchParams.get("returnTo")).toBe("/me?x=1&y=%2F&z=C:%5Ca");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    const call = await browser.call(`${app.origin}/me`);
    expect(call.status).toBe(401);
    expect(call.json()).toMatchObject({ code: "login_required", loginUrl: "/auth/login" });
    expect(call.headers.get("www-authenticate")).toContain("Bearer");
    expect([page, call].flatMap((hop) => hop.setCookies)).toEqual([]);
  });

  it("a prefetch starts no login", async () => {
    const app = createWebApp();
    const browser = app.browser();
    for (const by of ["link", "speculation"] as const) {
      const guarded = await browser.prefetch(`${app.origin}/me`, { by, follow: false });
      expect([guarded.status, guarded.setCookies]).toEqual([401, []]);
      expect(guarded.json()).toMatchObject({ code: "login_required" });
      const login = await browser.prefetch(`${app.origin}/auth/login`, { by, follow: false });
      expect([login.status, login.setCookies]).toEqual([204, []]);
    }
  });

  it("F2 login is a page and not a part of one", async () => {
    const app = createWebApp();
    for (const destination of ["image", "iframe", "script"]) {
      const headers = { "sec-fetch-dest": destination };
      const answer = await app.browser().navigate(`${app.origin}/auth/login`, { follow: false, headers });
      expect([answer.status, answer.setCookies]).toEqual([403, []]);
    }
  });

  it("E1 what a service worker passes through is a page: the guard, the login", async () => {
    const app = createWebApp();
    const headers = { "sec-fetch-dest": "empty" };
    const guarded = await app.browser().navigate(`${app.origin}/me`, { follow: false, headers });
    expect([guarded.status, guarded.headers.get("location")]).toEqual([302, "/auth/login?returnTo=%2Fme"]);
    const login = await app.browser().navigate(`${app.origin}/auth/login`, { follow: false, headers });
    expect([login.status, login.setCookies.length]).toEqual([302, 1]);
  });

  it("E5 unsafe requests from pages of other sites are refused, unless the origin is trusted; a preflight is let go", async () => {
    const app = createWebApp({ options: { trustedOrigins: ["https://partner.example"] } });
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    await browser.call(`${app.origin}/public`);
    const cookie = browser.hops.at(-1)?.requestHeaders.cookie ?? "";
    const send = async (method: string, headers: Record<string, string>) =>
      (await app.fetch(new Request(`${app.origin}/me`, { method, headers: { cookie, ...headers } }))).status;
    const passes: Record<string, string>[] = [
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
      {},
      { origin: app.origin },
      { "sec-fetch-site": "cross-site", origin: "https://partner.example" },
    ];
    for (const headers of passes) expect([headers, await send("POST", headers)]).toEqual([headers, 200]);
    const refused: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site", origin: app.origin },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    for (const headers of refused) {
      for (const method of ["POST", "PUT", "DELETE"])
        expect([headers, await send(method, headers)]).toEqual([headers, 403]);
      expect(await send("GET", headers)).toBe(200);
    }
    expect(await send("OPTIONS", { origin: "https://evil.example" })).toBe(204);
  });

  it("E5 takes unsafe requests from anywhere where the route says so", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    await browser.call(`${app.origin}/public`);
    const cookie = browser.hops.at(-1)?.requestHeaders.cookie ?? "";
    const request = new Request(`${app.origin}/me`, {
      method: "POST",
      headers: { cookie, "sec-fetch-site": "cross-site" },
    });
    const verdict = await app.auth.requireLogin(app.auth.open(fromRequest(request)), { crossSite: "allow" });
    expect(verdict).not.toBeInstanceOf(Response);
  });

  it("E4 a form sent after the session ended gets a page", async () => {
    const app = createWebApp();
    const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "same-origin" };
    const answer = await app.fetch(new Request(`${app.origin}/me`, { method: "POST", headers }));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
  });

  it("asks a page for the union of scopes and comes back; tells a call", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const call = await browser.call(`${app.origin}/playlists`);
    expect([call.status, (call.json() as { code: string }).code]).toEqual([403, "insufficient_scope"]);
    expect(call.json()).toMatchObject({ stepUpUrl: "/playlists" });
    expect(call.headers.get("www-authenticate")).toContain('scope="playlist-read-private"');
    const page = await browser.navigate(`${app.origin}/playlists`, { follow: false });
    const authorization = new URL(page.headers.get("location") ?? "");
    expect(authorization.searchParams.get("scope")?.split(" ").sort()).toEqual([
      "playlist-read-private",
      "user-read-private",
    ]);
    const done = await browser.login(`${app.origin}/playlists?page=2`, { person: "ada" });
    expect([done.url, done.status]).toEqual([`${app.origin}/playlists?page=2`, 200]);
    expect(app.provider.violations).toEqual([]);
  });

  it("a person who refuses the further scope keeps the login and is not asked in a circle", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const refused = await browser.login(`${app.origin}/playlists`, { person: "deny" });
    expect([refused.status, new URL(refused.url).searchParams.get("auth_error")]).toEqual([403, "access_denied"]);
    expect((await browser.navigate(`${app.origin}/me`)).status).toBe(200);
  });

  it("a scope that was asked for and not granted is not asked for again", async () => {
    const app = createWebApp({ options: { scope: ["user-read-private", "playlist-read-private"] } });
    const browser = app.browser();
    app.provider.fault({ at: "token", kind: "members", set: { scope: "user-read-private" }, times: 1 });
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const page = await browser.navigate(`${app.origin}/playlists`, { follow: false });
    expect([page.status, page.body.includes("insufficient_scope")]).toEqual([403, true]);
  });

  it("X10 a forged Host or forwarded header shows in no URL", async () => {
    const app = createWebApp();
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example", forwarded: "host=evil.example" };
    for (const path of ["/me", "/auth/login", "/auth/callback?code=a&state=b"]) {
      const answer = await app.browser().navigate(`${app.origin}${path}`, { follow: false, headers });
      expect(JSON.stringify([...answer.headers]) + answer.body).not.toContain("evil.example");
    }
  });

  it("does not touch what it was not asked about", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const answer = await browser.call(`${app.origin}/public`);
    expect([answer.status, answer.setCookies, answer.headers.get("vary")]).toEqual([200, [], null]);
  });

  it("wants every scope, and names those that are missing", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const both = ["user-read-private", "playlist-read-private"];
    const answer = await app.auth.requireScope(await open(app, browser), both);
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).headers.get("www-authenticate")).toContain('scope="playlist-read-private"');
    const login = await app.auth.requireScope(await open(app, browser), ["user-read-private"]);
    expect(login).not.toBeInstanceOf(Response);
  });

  it("asks again where one of the missing scopes was never asked for", async () => {
    const app = createWebApp({ options: { scope: ["user-read-private", "playlist-read-private"] } });
    const browser = app.browser();
    app.provider.fault({ at: "token", kind: "members", set: { scope: "user-read-private" }, times: 1 });
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const wanted = ["playlist-read-private", "user-library-read"];
    const answer = (await app.auth.requireScope(await open(app, browser, page), wanted)) as Response;
    const authorization = new URL(answer.headers.get("location") ?? "");
    expect(authorization.searchParams.get("scope")?.split(" ").sort()).toEqual([
      ...["playlist-read-private", "user-library-read", "user-read-private"],
    ]);
  });

  it("asks for further scopes with the person's own registration", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const start = await app.auth.login(await open(app, browser), { clientId: "own", returnTo: "/public" });
    const callback = await app.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
    const done = await app.fetch(
      new Request(callback, {
        headers: {
          cookie: start.headers
            .getSetCookie()
            .map((line) => line.split(";")[0])
            .join("; "),
        },
      }),
    );
    const cookie = done.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const handle = await open(app, browser, { ...page, cookie });
    const answer = (await app.auth.requireScope(handle, ["playlist-read-private"])) as Response;
    expect(new URL(answer.headers.get("location") ?? "").searchParams.get("client_id")).toBe("own");
  });

  it.each(["rejects", "throws"])("answers itself where the store %s", async (how) => {
    const rows = memoryStore();
    let isAway = false;
    const read: RecordStore["read"] = (key) => {
      if (!isAway) return rows.read(key);
      if (how === "throws") throw new Error("The store is away.");
      return Promise.reject(new Error("The store is away."));
    };
    const app = createWebApp({ options: { store: { ...rows, read } } });
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    isAway = true;
    const answer = await app.auth.requireLogin(await open(app, browser));
    expect(answer).toBeInstanceOf(Response);
    expect([(answer as Response).status, await (answer as Response).json()]).toMatchObject([
      ...[503, { code: "store_unavailable" }],
    ]);
  });
});
