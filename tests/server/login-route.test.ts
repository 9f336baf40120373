import { spotify } from "@pixy/providers/spotify";
import { defineProvider, fromRequest } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp } from "../lib/web-app.ts";

describe("login", () => {
  it("logs in, shows the profile and keeps the provider's rules", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/me?x=1`, { person: "ada" });
    expect(page.url).toBe(`${app.origin}/me?x=1`);
    expect(page.status).toBe(200);
    expect((await browser.navigate(`${app.origin}/`)).body).toContain("Hello");
    expect(app.provider.violations).toEqual([]);
    expect(app.provider.tokenRequests()).toHaveLength(1);
  });

  it("logs in at a provider that names no API, as long as onLogin fetches nothing", async () => {
    const { api: _, ...provider } = spotify;
    const app = createWebApp({
      options: { provider: defineProvider(provider), onLogin: () => ({ name: "somebody" }) },
    });
    const page = await app.browser().login(`${app.origin}/auth/login`, { person: "ada" });
    expect(page.body).toBe("Hello somebody");
  });

  it("is still logged in an hour later, because the token is refreshed by itself", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    for (let hour = 1; hour <= 3; hour++) {
      app.clock.advance(3_601_000);
      expect((await browser.navigate(`${app.origin}/me`)).status).toBe(200);
      expect(app.provider.tokenRequests("refresh_token")).toHaveLength(hour);
    }
    expect(app.provider.violations).toEqual([]);
  });

  it("returns to no route of its own, to no path that is given twice, and to what the link says", async () => {
    const app = createWebApp({ options: { callbackPath: "/back" } });
    const startPages = ["login", "refresh", "callback", "logout", "session"].map((route) => `returnTo=/auth/${route}`);
    for (const query of [...startPages, "returnTo=/back", "returnTo=/public&returnTo=/public", "", "x=1"]) {
      const page = await app.browser().navigate(`${app.origin}/auth/login?${query}`, { follow: false });
      const location = page.headers.get("location") ?? "";
      const cookie = page.setCookies.map((line) => String(line).split(";")[0]).join("; ");
      const callback = new Request(await app.provider.authorize(location, { person: "deny" }), { headers: { cookie } });
      const answer = await app.auth.respond(app.auth.open(fromRequest(callback)));
      expect([query, answer.headers.get("location")]).toEqual([query, "/?auth_error=access_denied"]);
    }
  });

  it("asks first where a page says so, and leads on by a link", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const page = await browser.navigate(`${app.origin}/auth/login?returnTo=/me&ask=1`, { follow: false });
    expect([page.status, page.setCookies, page.body.includes('href="/auth/login?returnTo=%2Fme"')]).toEqual([
      401,
      [],
      true,
    ]);
    expect(app.provider.requests).toEqual([]);
  });

  it("begins on the origin that the cookies will be on", async () => {
    const app = createWebApp({ options: { baseUrl: "http://127.0.0.1:3000" } });
    const request = new Request("http://localhost:3000/auth/login?returnTo=/me", {
      headers: { host: "localhost:3000" },
    });
    const answer = await app.auth.respond(app.auth.open(fromRequest(request)));
    expect([answer.status, answer.headers.get("location")]).toEqual([
      ...[302, "http://127.0.0.1:3000/auth/login?redirected=1&returnTo=/me"],
    ]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("D3 leaves a query behind that is too long for a header, on the way to its own origin", async () => {
    const app = createWebApp({ options: { baseUrl: "http://127.0.0.1:3000" } });
    const url = `http://localhost:3000/auth/login?${"x".repeat(12_000)}`;
    const answer = await app.auth.handle(new Request(url, { headers: { host: "localhost:3000" } }));
    expect([answer.status, answer.headers.get("location")]).toEqual([
      ...[302, "http://127.0.0.1:3000/auth/login?redirected=1"],
    ]);
  });

  it.each([
    ["leaves out the port", "127.0.0.1"],
    ["always says localhost", "localhost"],
    ["always says [::1] and another port", "[::1]:9000"],
    ["sends an empty Host", ""],
    ["sends what nobody can read", "::"],
    ["always says localhost, with a query that is too long", "localhost", "x".repeat(12_000)],
    ["always says localhost, with a query of many parts", "localhost", "a=1&".repeat(200)],
  ])("begins behind a proxy that %s", async (_what, host, more = "") => {
    const app = createWebApp({ options: { baseUrl: "http://127.0.0.1:8080" } });
    const header = (name: string) => (name === "host" ? host : null);
    let url = `/auth/login?returnTo=%2Fme%3Fa%3D1&${more}`;
    const locations: URL[] = [];
    while (url !== "" && locations.length < 5) {
      const answer = await app.auth.respond(app.auth.open({ method: "GET", url, header }));
      const location = new URL(answer.headers.get("location") ?? "");
      locations.push(location);
      url = location.origin === app.origin ? location.pathname + location.search : "";
    }
    expect(locations.at(-1)?.origin).toBe("https://accounts.spotify.com");
    expect(locations.length).toBeLessThanOrEqual(2);
  });

  it("F2 says why a part of a page starts no login", async () => {
    const app = createWebApp();
    const headers = { "sec-fetch-dest": "image" };
    const answer = await app.browser().navigate(`${app.origin}/auth/login`, { follow: false, headers });
    expect(answer.headers.get("content-type")).toContain("json");
    expect(answer.json()).toMatchObject({ code: "not_a_navigation" });
  });
});
