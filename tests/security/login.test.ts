import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { ConfigurationError, createAuth, memoryStore } from "@pixy/server";
import type { Page, UserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, secret, type WebApp } from "../lib/web-app.ts";

async function start(app: WebApp, browser: UserAgent, path = "/auth/login"): Promise<{ page: Page; callback: string }> {
  const page = await browser.navigate(`${app.origin}${path}`, { follow: false });
  const callback = await app.provider.authorize(page.headers.get("location") ?? "", { person: "ada" });
  return { page, callback };
}

const parametersOf = (page: Page) => new URL(page.headers.get("location") ?? "").searchParams;

describe("login", () => {
  for (const site of ["none", "same-origin", "same-site", "cross-site"]) {
    it(`F1 A33 begins by a navigation from a page that is ${site}, with a 302`, async () => {
      const app = createWebApp();
      const headers = { "sec-fetch-site": site };
      const page = await app.browser().navigate(`${app.origin}/auth/login`, { follow: false, headers });
      expect([page.status, page.setCookies.length]).toEqual([302, 1]);
    });
  }

  it("W2 W3 C12 B4 sets host-bound cookies only, in each answer that sets any", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    await start(app, browser);
    await browser.navigate(`${app.origin}/`);
    await browser.submit(`${app.origin}/auth/logout`);
    const lines = browser.hops.flatMap((hop) => hop.setCookies);
    const ours = lines.filter((line) => /pixy/.test(line));
    expect(ours.length).toBeGreaterThan(6);
    for (const line of ours) {
      expect(line).toMatch(/^__Host-pixy[\w-]*=[\w.~-]*; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    }
  });

  it("F15 B4 leaves Secure out on loopback alone, and takes http nowhere else", async () => {
    const app = createWebApp({ options: { baseUrl: "http://127.0.0.1:3000" } });
    const { page } = await start(app, app.browser());
    expect(page.setCookies[0]).toMatch(
      /^pixy-3000-login-[\w-]{12}=[\w.-]+; Max-Age=900; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    for (const baseUrl of [
      "http://app.example",
      "http://192.168.1.5:3000",
      "http://0.0.0.0:3000",
      "http://127.0.0.2",
    ]) {
      expect(() => createWebApp({ options: { baseUrl } })).toThrow(ConfigurationError);
    }
  });

  it("P9 gives each login its own state and challenge, also after a refusal", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const seen = new Set<string>();
    for (let count = 0; count < 4; count++) {
      const { page, callback } = await start(app, browser);
      seen.add(parametersOf(page).get("state") ?? "").add(parametersOf(page).get("code_challenge") ?? "");
      app.provider.fault({ at: "token", times: 1, kind: "status", status: 400, body: { error: "invalid_grant" } });
      expect((await browser.navigate(callback, { follow: false })).status).toBe(400);
    }
    expect(seen.size).toBe(8);
    expect(app.provider.violations).toEqual([]);
  });

  it("M8 X6 takes nothing but returnTo from the request, and keeps that out of the provider's sight", async () => {
    const app = createWebApp();
    const foreign =
      "issuer=https://evil.example&client_id=evil&redirect_uri=https://evil.example&scope=ugc-image-upload&state=fixed";
    const { page } = await start(app, app.browser(), `/auth/login?${foreign}&returnTo=/me?tab=secret-page`);
    const location = new URL(page.headers.get("location") ?? "");
    expect(location.origin).toBe("https://accounts.spotify.com");
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      client_id: "client-of-the-app",
      redirect_uri: `${app.origin}/auth/callback`,
      scope: "user-read-private",
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(location.href + page.setCookies.join()).not.toMatch(/evil|secret-page/);
  });

  it("X4 a callback with a wrong state, or none, spends nothing", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const { callback } = await start(app, browser);
    for (const query of [`?code=x&state=${"A".repeat(43)}`, "?code=x", "?error=access_denied", ""]) {
      const page = await browser.navigate(`${app.origin}/auth/callback${query}`, { follow: false });
      expect([page.status, page.setCookies]).toEqual([400, []]);
    }
    expect((await browser.navigate(callback, { follow: false })).status).toBe(303);
    expect(app.provider.tokenRequests()).toHaveLength(1);
  });

  it("S7 V18 is finished by the instance that began it: the same secret, another provider or client", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const { callback } = await start(app, browser);
    const cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const asked: unknown[] = [];
    const options = {
      provider: spotify,
      ...{ clientId: "client-of-the-app", baseUrl: app.origin, secret, now: app.clock.now },
      fetch: async (input: unknown) => {
        asked.push(input);
        return Response.json({ access_token: "attacker", token_type: "Bearer" });
      },
    };
    const other = defineProvider({
      ...{ name: "other", issuer: "https://other.example", authorizationEndpoint: "https://other.example/a" },
      tokenEndpoint: "https://other.example/t",
    });
    for (const changed of [{ provider: other }, { clientId: "another-client" }, { name: "another" }]) {
      const answer = await createAuth({ ...options, ...changed }).handle(
        new Request(callback, { headers: { cookie } }),
      );
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
    }
    expect(asked).toEqual([]);
    expect((await createAuth(options).handle(new Request(callback, { headers: { cookie } }))).status).toBe(303);
  });

  it("X2 refuses an attacker's code by its state alone, at a provider that forgets PKCE", async () => {
    const asked: unknown[] = [];
    const app = createWebApp({
      options: {
        fetch: async (input) => {
          asked.push(input);
          return Response.json({ access_token: "attacker", token_type: "Bearer", refresh_token: "attacker" });
        },
      },
    });
    const attacker = app.browser();
    const victim = app.browser();
    const { callback } = await start(app, attacker);
    const { page } = await start(app, victim);
    const forged = new URL(callback);
    expect((await victim.navigate(forged, { follow: false })).status).toBe(400);
    expect(asked).toEqual([]);
    expect(parametersOf(page).get("state")).not.toBe(forged.searchParams.get("state"));
  });

  for (const store of ["cookie", "memory"] as const) {
    const appWith = () => {
      const app = createWebApp();
      return store === "cookie"
        ? app
        : createWebApp({ clock: app.clock, options: { store: memoryStore({ now: app.clock.now }) } });
    };

    it(`A29 V26 refuses a login that another browser started, sessions in the ${store}`, async () => {
      const app = appWith();
      const { callback } = await start(app, app.browser());
      const victim = app.browser();
      const page = await victim.navigate(callback, { follow: false });
      expect([page.status, page.setCookies]).toEqual([400, []]);
      expect(app.provider.tokenRequests()).toEqual([]);
    });

    it(`K14 V14 V40 replaces what is in the browser: a planted, a foreign and an old session, in the ${store}`, async () => {
      const app = appWith();
      const { session } = app.auth.settings.cookies;
      const other = app.browser();
      await other.login(`${app.origin}/me`, { person: "grace" });
      const [theirs] = (await other.cookies(app.origin)).filter((cookie) => cookie.name === session);
      for (const planted of ["A".repeat(43), "nonsense", theirs?.value ?? ""]) {
        const browser = app.browser();
        await browser.setCookie(app.origin, `${session}=${planted}; Path=/; Secure`);
        await browser.login(`${app.origin}/auth/login`, { person: "ada" });
        const [mine] = (await browser.cookies(app.origin)).filter((cookie) => cookie.name === session);
        expect(mine?.value).not.toBe(planted);
        expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
      }
      // Whoever brings a session to a login gives it up.
      expect((await other.navigate(`${app.origin}/`)).body).toBe("Log in");
    });

    it(`A18 sends a code once for twenty callbacks at once, sessions in the ${store}`, async () => {
      const app = appWith();
      const browser = app.browser();
      const { callback } = await start(app, browser);
      const twins = await Promise.all(Array.from({ length: 20 }, () => browser.clone()));
      const pages = await Promise.all(twins.map((twin) => twin.navigate(callback, { follow: false })));
      expect(new Set(pages.map((page) => page.status))).toEqual(new Set([303]));
      expect(app.provider.tokenRequests()).toHaveLength(1);
    });
  }

  it("C5 writes each cookie once for each answer, whatever the browser brings", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const { session } = app.auth.settings.cookies;
    for (const name of [`${session}.0`, `${session}.1`])
      await browser.setCookie(app.origin, `${name}=x; Path=/; Secure`);
    const { callback } = await start(app, browser);
    const page = await browser.navigate(callback, { follow: false });
    const names = page.setCookies.map((line) => line.slice(0, line.indexOf("=")));
    expect([...new Set(names)]).toEqual(names);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
  });

  it("F3 a callback that is fetched ahead waits for the person", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const { callback } = await start(app, browser);
    const page = await browser.prefetch(callback, { follow: false });
    expect([page.status, page.setCookies]).toEqual([204, []]);
    expect(app.provider.tokenRequests()).toEqual([]);
    expect((await browser.navigate(callback, { follow: false })).status).toBe(303);
  });

  it("V22 answers a returnTo of any form with a login that ends at home", async () => {
    const app = createWebApp();
    for (const wanted of [
      "%",
      "%E0%A4%A",
      "\u0000",
      "/\ud800",
      "[object Object]",
      "x".repeat(100_000),
      "http://[::1",
    ]) {
      const request = new Request(`${app.origin}/auth/login?returnTo=${encodeURI(wanted.toWellFormed())}`);
      expect((await app.auth.handle(request)).status).toBe(302);
    }
    expect(
      (await app.auth.handle(new Request(`${app.origin}/auth/login?returnTo=%E0%A4%A&returnTo[]=//e`))).status,
    ).toBe(302);
  });

  it("A32 a token that fits into no cookie is told before any session cookie is written", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const { callback } = await start(app, browser);
    const big = { access_token: "a".repeat(16_000), token_type: "Bearer", expires_in: 3600 };
    app.provider.fault({ at: "token", times: 1, kind: "status", status: 200, body: big });
    const page = await browser.navigate(callback, { follow: false });
    expect(page.status).toBe(503);
    expect(page.setCookies.filter((line) => /^__Host-pixy(\.\d)?=/.test(line))).toEqual([]);
  });

  it("C1 C17 a login whose cookie a browser would drop leads to the start page instead of nowhere", async () => {
    const app = createWebApp({ options: { scope: ["user-read-private", "a".repeat(1_000)] } });
    const browser = app.browser();
    const { page, callback } = await start(app, browser, `/auth/login?returnTo=/${"y".repeat(2_000)}`);
    expect(page.setCookies[0]?.split(";")[0]?.length).toBeLessThan(4_096);
    const end = await browser.navigate(callback, { follow: false });
    expect([end.status, end.headers.get("location")]).toEqual([303, "/"]);
  });

  it("X5 X15 A30 an error is a page of ours that nobody frames, scripts or keeps", async () => {
    const app = createWebApp();
    const page = await app
      .browser()
      .navigate(`${app.origin}/auth/callback?code=a&state=${"A".repeat(43)}`, { follow: false });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.body).not.toMatch(/<script|src=|https?:\/\//i);
  });
});
