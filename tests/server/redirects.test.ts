import { fromRequest, type PixyEvent } from "@pixy/server";
import { createUserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebAppOptions } from "../lib/web-app.ts";

/** An app whose guard stands before everything, its own login included. The browser gives up after 20 redirects. */
function guardFirst(input: WebAppOptions = {}, scope: readonly string[] = []) {
  const events: PixyEvent[] = [];
  const app = createWebApp({
    ...input,
    provider: { autoApprove: "ada", ...input.provider },
    options: { ...input.options, onEvent: (event) => events.push(event) },
  });
  const answer = async (request: Request): Promise<Response> => {
    const handle = app.auth.open(fromRequest(request));
    const verdict = await app.auth.requireScope(handle, scope);
    return verdict instanceof Response ? verdict : app.fetch(request);
  };
  const provider = (request: Request) => app.provider.fetch(request);
  const fetchers = { [app.origin]: answer, "https://accounts.spotify.com": provider };
  const warnings = () => events.flatMap((event) => (event.type === "set-up.warning" ? [event.code] : []));
  return { app, browser: createUserAgent({ fetchers }), warnings };
}

describe("redirects", () => {
  it("end where a guard stands before the login: the page says so, and the set-up is warned once", async () => {
    for (const baseUrl of ["https://app.example", "https://app.example/shop"]) {
      const { app, browser, warnings } = guardFirst({ options: { baseUrl } });
      const { basePath } = app.auth.settings;
      for (const path of ["/me", "/auth/login", "/auth/callback?code=a&state=b", "/auth/session"]) {
        const page = await browser.navigate(app.origin + basePath + path);
        expect([path, page.status, page.hops.length]).toEqual([path, 401, path === "/me" ? 2 : 1]);
      }
      expect(warnings()).toEqual(["guard_before_routes"]);
    }
  });

  it("of a guard that no stranger's path makes warn", async () => {
    const { app, browser, warnings } = guardFirst({ options: { baseUrl: "https://app.example/shop" } });
    const call = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
    for (const path of [
      "/auth/login",
      "/auth/callback",
      "/shop/auth//login",
      "/shop/AUTH/login",
      "/shop/auth/x/login",
    ]) {
      await browser.navigate(`${app.origin}${path}`, { follow: false });
      await browser.navigate(`${app.origin}/shop/auth/login`, { follow: false, headers: call });
    }
    expect(warnings()).toEqual([]);
  });

  it("end where a guard for a scope stands before the callback", async () => {
    const app = createWebApp({ provider: { autoApprove: "ada" } });
    const browser = app.browser();
    await browser.navigate(`${app.origin}/me`);
    const cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const request = new Request(`${app.origin}/auth/callback?code=a&state=b`, {
      headers: { cookie, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    });
    const verdict = await app.auth.requireScope(app.auth.open(fromRequest(request)), ["playlist-read-private"]);
    expect(verdict).toMatchObject({ status: 403 });
  });

  it.each(["", "/shop"])("end where returnTo names a route of ours, in an app below %j", async (basePath) => {
    const app = createWebApp({
      provider: { autoApprove: "ada" },
      options: { baseUrl: `https://app.example${basePath}` },
    });
    const nested = `/auth/login?returnTo=${encodeURIComponent(`${basePath}/auth/login?returnTo=/auth/login`)}`;
    for (const own of ["/auth/login", "/auth/callback", "/auth/logout", "/AUTH/login/", "/auth/%6cogin", nested]) {
      for (const returnTo of [own, `${basePath}${own}`]) {
        const page = await app
          .browser()
          .navigate(`${app.origin}${basePath}/auth/login?${new URLSearchParams({ returnTo })}`);
        expect(page.hops.length).toBeLessThan(10);
      }
    }
  });

  it.each(["/auth/login", "/auth/logout", "/auth/session", "/me"])(
    "end where afterLogout is %s",
    async (afterLogout) => {
      const app = createWebApp({ provider: { autoApprove: "ada" }, options: { afterLogout } });
      const browser = app.browser();
      await browser.navigate(`${app.origin}/me`);
      const page = await browser.submit("/auth/logout");
      expect(page.hops.length).toBeLessThan(8);
    },
  );

  it("end where a scope is asked for that the provider never grants", async () => {
    const app = createWebApp({ provider: { autoApprove: "ada" } });
    const browser = app.browser();
    app.provider.fault({ at: "token", kind: "members", set: { scope: "user-read-private" } });
    await browser.navigate(`${app.origin}/me`);
    expect((await browser.navigate("/playlists")).status).toBe(403);
  });
});
