import { spotify } from "@pixy/providers/spotify";
import { createAuth, fromRequest, type PixyEvent, type PixyOptions } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp, secret } from "../lib/web-app.ts";

async function loggedIn() {
  const app = createWebApp();
  const browser = app.browser();
  await browser.login(`${app.origin}/me`, { person: "ada" });
  const cookies = await browser.cookies(app.origin);
  return { app, browser, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
}

const document = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" };

describe("answers", () => {
  it("K20 V5 V7 V8 nobody may keep an answer that is ours, or that read a session", async () => {
    const { app, browser, cookie } = await loggedIn();
    const started = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
    const callback = await app.provider.authorize(started.headers.get("location") ?? "", { person: "deny" });
    const withLogin = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const requests: Record<string, Request> = {
      home: new Request(`${app.origin}/`, { headers: { cookie } }),
      "home, signed out": new Request(`${app.origin}/`),
      guarded: new Request(`${app.origin}/me`, { headers: { cookie } }),
      "guarded, signed out, a page": new Request(`${app.origin}/me`, { headers: document }),
      "guarded, signed out, a call": new Request(`${app.origin}/me`),
      "scope missing, a page": new Request(`${app.origin}/playlists`, { headers: { cookie, ...document } }),
      "scope missing, a call": new Request(`${app.origin}/playlists`, { headers: { cookie } }),
      login: new Request(`${app.origin}/auth/login`, { headers: document }),
      "login, from an image": new Request(`${app.origin}/auth/login`, { headers: { "sec-fetch-dest": "image" } }),
      "login, ahead": new Request(`${app.origin}/auth/login`, { headers: { purpose: "prefetch" } }),
      "login, HEAD": new Request(`${app.origin}/auth/login`, { method: "HEAD" }),
      "callback, cancelled": new Request(callback, { headers: { cookie: withLogin, ...document } }),
      "callback, again": new Request(callback, { headers: document }),
      "callback, ahead": new Request(callback, { headers: { cookie: withLogin, "sec-purpose": "prefetch" } }),
      session: new Request(`${app.origin}/auth/session`, { headers: { cookie } }),
      "no route of ours": new Request(`${app.origin}/auth/other`, { headers: { cookie } }),
      "logout, GET": new Request(`${app.origin}/auth/logout`, { headers: { cookie } }),
      "logout, cross-site": new Request(`${app.origin}/auth/logout`, { method: "POST", headers: { cookie } }),
      logout: new Request(`${app.origin}/auth/logout`, { method: "POST", headers: { cookie, origin: app.origin } }),
    };
    const kept: string[] = [];
    for (const [name, request] of Object.entries(requests)) {
      const { headers } = await app.fetch(request);
      if (headers.get("cache-control") !== "private, no-store" || !/\bcookie\b/i.test(headers.get("vary") ?? "")) {
        kept.push(name);
      }
    }
    expect(kept).toEqual([]);
  });

  it("K20 an error page of the app's own is as private as ours", async () => {
    const app = createWebApp({
      options: {
        onError: () => new Response("ours", { headers: { "cache-control": "public, max-age=60", vary: "Accept" } }),
      },
    });
    const { headers } = await app.fetch(new Request(`${app.origin}/auth/callback?code=a&state=b`));
    expect([headers.get("cache-control"), headers.get("vary")]).toEqual(["private, no-store", "Accept, Cookie"]);
  });
});

describe("routes", () => {
  const paths = [
    ...["//auth/session", "/auth//session", "/auth/session//", "/auth/./session", "/AUTH/session", "/auth/Session"],
    ...["/auth/%73ession", "/auth%2Fsession", "/auth/session;a", "/auth/session%00", "/auth\\session", "/auth"],
    ...["/auth/session#x", "http://evil.example/auth/session", "/x/../auth/session", "", "*", "auth/session"],
  ];
  for (const path of paths) {
    it(`V6 V31 ${JSON.stringify(path)} is none of ours`, async () => {
      const { app, cookie } = await loggedIn();
      const request = { method: "GET", url: path, header: (name: string) => (name === "cookie" ? cookie : null) };
      expect(app.auth.routeOf(request)).toBeNull();
      expect((await app.auth.respond(app.auth.open(request))).status).toBe(404);
    });
  }

  it("V6 a query changes no route, and nor does a final slash, which frameworks add", async () => {
    const { app } = await loggedIn();
    const at = (url: string) => app.auth.routeOf({ method: "GET", url, header: () => null });
    expect(["/auth/session?x=/auth/logout", "/x?/auth/session", "/auth/session?", "/auth/session/"].map(at)).toEqual([
      "session",
      null,
      "session",
      "session",
    ]);
  });
});

describe("guards", () => {
  const shortcuts: Record<string, Record<string, string>> = {
    "V1 the header that skipped Next's middleware": { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    "V1 a router's fetch": { rsc: "1", "next-router-prefetch": "1" },
    "V35 another path": { "x-forwarded-uri": "/public", "x-original-url": "/public", "x-rewrite-url": "/public" },
    "V36 a health check": { "user-agent": "GoogleHC/1.0", "x-health-check": "1" },
    "V32 an address from inside": { "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1", "x-real-ip": "::1" },
    "V30 an identity of one's own": { authorization: "Bearer made-up", "x-user": "ada", "remote-user": "ada" },
    "V49 another method": { "x-http-method-override": "POST", "content-type": "Application/X-WWW-Form-Urlencoded" },
  };
  for (const [name, headers] of Object.entries(shortcuts)) {
    it(`${name} opens nothing`, async () => {
      const app = createWebApp();
      for (const path of ["/me", "/me?userId=ada&x-middleware-rewrite=/public", "/playlists", "/me.rsc"]) {
        const answer = await app.fetch(new Request(`${app.origin}${path}`, { headers }));
        expect(answer.status).toBe(401);
      }
    });
  }

  for (const type of ["text/plain", "application/json", "Multipart/Form-Data; boundary=x", ""]) {
    it(`V49 F8 a logout from another site is refused as ${JSON.stringify(type)}`, async () => {
      const { app, cookie } = await loggedIn();
      const headers = { cookie, "sec-fetch-site": "cross-site", ...(type ? { "content-type": type } : {}) };
      const answer = await app.fetch(new Request(`${app.origin}/auth/logout`, { method: "POST", headers }));
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    });
  }
});

describe("options", () => {
  const good: PixyOptions<unknown> = { provider: spotify, clientId: "c", baseUrl: "https://app.example", secret };
  for (const name of ["a b", "a;b", "a=b", "a\r\nSet-Cookie: x", "__Host-a", "", "é", "a".repeat(42), ".a", "a.0"]) {
    it(`V43 refuses the cookie name ${JSON.stringify(name)}`, () => {
      expect(() => createAuth({ ...good, name })).toThrow(/option name/);
    });
  }

  it("B8 X14 V44 knows no option that weakens TLS, the flow or the cookies", () => {
    for (const option of ["rejectUnauthorized", "responseType", "cookie", "domain", "sameSite", "trustHost", "debug"]) {
      expect(() => createAuth({ ...good, [option]: true })).toThrow(/There is no such option/);
    }
  });
});

describe("text that changes its meaning", () => {
  it("V21 is judged as it is sent: what looks like / or . to somebody else is a letter to us", async () => {
    const app = createWebApp();
    const twins = [
      "/／evil.example",
      "/．．／／evil.example",
      "/\u2215evil.example",
      "//evil。example",
      "/ⓔvil",
      "/%EF%BC%8Fevil.example",
    ];
    for (const twin of twins) {
      const request = new Request(`${app.origin}/auth/login?returnTo=${encodeURIComponent(twin)}`, {
        headers: document,
      });
      const browser = app.browser();
      await browser.login(request.url, { person: "ada" });
      for (const { url } of browser.hops)
        expect(new URL(url).hostname).toMatch(/^(app\.example|accounts\.spotify\.com)$/);
    }
  });

  it("V20 no Cookie or Authorization header makes a reader throw", async () => {
    const events: PixyEvent[] = [];
    const app = createWebApp({ options: { onEvent: (event) => events.push(event) } });
    const { session, attempt, spent } = app.auth.settings.cookies;
    const values = [
      "",
      "=",
      ";",
      "%",
      "%zz",
      "\u0000",
      "v1.",
      "..",
      "....",
      "a.b.c.d.e",
      "ÿ".repeat(99),
      "A".repeat(20_000),
      "__proto__",
    ];
    for (const name of [session, `${session}.0`, `${session}.1`, `${attempt}AAAAAAAAAAAA`, spent]) {
      for (const value of values) {
        for (const url of [
          "/me",
          "/",
          "/auth/session",
          `/auth/callback?code=a&state=${"A".repeat(43)}`,
          "/auth/login",
        ]) {
          const header = (wanted: string) =>
            wanted === "cookie" || wanted === "authorization" ? `${name}=${value}` : null;
          const request = { ...fromRequest(new Request(`${app.origin}${url}`)), header };
          const answer = url.startsWith("/auth/")
            ? (await app.auth.respond(app.auth.open(request))).status
            : await app.auth.open(request).session();
          expect([null, 200, 302, 400]).toContain(answer);
        }
      }
    }
    expect(JSON.stringify(events)).not.toContain("ÿÿ");
  });
});
