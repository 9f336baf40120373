import { spotify } from "@pixy/providers/spotify";
import { createAuth, memoryStore, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock } from "@pixy/testing";
import { NextRequest, NextResponse } from "next/server.js";
import { afterEach, describe, expect, it } from "vitest";
import { pixy } from "./pixy.ts";

const origin = "https://app.example";
const name = "__Host-pixy";

function stage(changes: Partial<PixyOptions<unknown>> = {}) {
  const clock = createClock();
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, rotation: "strict" });
  const options: PixyOptions<unknown> = {
    provider: spotify,
    clientId: "client",
    baseUrl: origin,
    secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q",
    fetch: provider.fetch,
    now: clock.now,
    ...changes,
  };
  const auth = createAuth(options);
  return {
    provider,
    proxy: pixy(options).proxy,
    protect: pixy(options).protect(["/profile", "/admin/*"]),
    /** A request of somebody whose token has expired. */
    async visit(path = "/profile", headers: Record<string, string> = {}): Promise<NextRequest> {
      const start = await auth.handle(new Request(`${origin}/auth/login`));
      const callback = await provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
      const cookie = cookiePairs(start);
      const answer = await auth.handle(new Request(callback, { headers: { cookie } }));
      clock.advance(3_600_000);
      provider.reset();
      return new NextRequest(`${origin}${path}`, {
        headers: { cookie: `theme=dark; ${cookiePairs(answer)}`, ...headers },
      });
    },
  };
}

function cookiePairs(response: Response): string {
  const pairs = response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf(";")));
  return pairs.filter((pair) => !pair.endsWith("=")).join("; ");
}

/** What the rest of the request sees of its headers. */
function forwarded(response: Response): Record<string, string | null> {
  const names = response.headers.get("x-middleware-override-headers")?.split(",") ?? [];
  return Object.fromEntries(names.map((header) => [header, response.headers.get(`x-middleware-request-${header}`)]));
}

function sessionLine(response: Response): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`));
}

describe("the proxy of protected paths", () => {
  const document = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  it("leads somebody who is not logged in to the login and back, and nobody else", async () => {
    const { protect, visit } = stage();
    const stranger = (path: string, headers: Record<string, string> = document) =>
      protect(new NextRequest(`${origin}${path}`, { headers }));
    const answer = await stranger("/admin/users?a=1");
    expect([answer.status, answer.headers.get("location")]).toEqual([
      307,
      `${origin}/auth/login?returnTo=%2Fadmin%2Fusers%3Fa%3D1`,
    ]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect((await stranger("/admin?_rsc=1", { rsc: "1" })).status).toBe(307);
    for (const path of ["/", "/public", "/auth/login"]) {
      expect([path, (await stranger(path)).headers.get("x-middleware-next")]).toEqual([path, "1"]);
    }
    expect((await stranger("/profile", { rsc: "1", "next-router-prefetch": "1" })).status).toBe(200);
    const own = await protect(await visit("/profile", document));
    expect([own.headers.get("x-middleware-next"), sessionLine(own) === undefined]).toEqual(["1", false]);
  });

  it("asks somebody who has just said no, and answers 503 while the provider is away", async () => {
    const { protect, visit, provider } = stage();
    const denied = new NextRequest(`${origin}/profile?auth_error=access_denied`, { headers: document });
    expect((await protect(denied)).headers.get("location")).toBe(`${origin}/auth/login?returnTo=%2Fprofile&ask=1`);
    const request = await visit("/profile", document);
    provider.fault({ at: "token", kind: "status", status: 503 });
    const away = await protect(request);
    expect([away.status, away.headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(await away.text()).toContain("provider_unavailable");
    const other = new NextRequest(`${origin}/`, { headers: request.headers });
    expect((await protect(other)).headers.get("x-middleware-next")).toBe("1");
  });
});

describe("the proxy", () => {
  afterEach(() => {
    delete process.env.NEXT_RUNTIME;
  });

  it("writes a changed cookie to the forwarded request and to the response", async () => {
    const { proxy, visit, provider } = stage();
    const request = await visit("/profile?a=1&_rsc=abc", { "x-pixy-path": "/spoofed", accept: "text/html" });
    const response = await proxy(request);
    const { cookie, ...others } = forwarded(response);
    const line = sessionLine(response) ?? "none";
    expect(cookie).toContain(line.slice(0, line.indexOf(";")));
    expect(request.headers.get("cookie")).not.toContain(line.slice(0, line.indexOf(";")));
    expect(others).toMatchObject({ "x-pixy-path": "/profile?a=1", accept: "text/html" });
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("x-middleware-next")).toBe("1");
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("C14 hands on a cookie behind U+00A0 by that name: without the space it would have one that no page may set", async () => {
    const { proxy, visit } = stage();
    const { headers } = await visit();
    const planted = ["\u00a0__Host-pixy-login-abc=evil", "\u00a0__Host-other=evil\u00a0", "\u0085__Host-pixy=evil"];
    const cookie = `${planted.join("; ")}; ${headers.get("cookie")}`;
    const response = await proxy(new NextRequest(`${origin}/profile`, { headers: { cookie } }));
    const pairs = forwarded(response).cookie?.split("; ") ?? [];
    expect(pairs.slice(0, 3)).toEqual(planted);
    expect(pairs.filter((pair) => pair.startsWith("__Host-pixy="))).toEqual([sessionLine(response)?.split(";")[0]]);
  });

  it("adds to the response of another proxy, and undoes nothing of it", async () => {
    const { proxy, visit } = stage();
    const request = await visit("/en/profile", { "x-secret": "hidden", "x-kept": "1" });
    const headers = new Headers(request.headers);
    headers.set("x-locale", "en");
    headers.delete("x-secret");
    const before = NextResponse.rewrite(`${origin}/profile`, { request: { headers } });
    before.cookies.set("locale", "en");
    const response = await proxy(request, before);
    expect(response.headers.get("x-middleware-rewrite")).toBe(`${origin}/profile`);
    expect(forwarded(response)).toMatchObject({ "x-locale": "en", "x-kept": "1", "x-pixy-path": "/en/profile" });
    expect(forwarded(response)).not.toHaveProperty("x-secret");
    expect(forwarded(response).cookie).toContain(sessionLine(response)?.split(";")[0]);
    expect(response.headers.getSetCookie().some((line) => line.startsWith("locale=en"))).toBe(true);
  });

  it("keeps a redirect of another proxy, with the cookie", async () => {
    const { proxy, visit } = stage();
    const response = await proxy(await visit(), Response.redirect(`${origin}/elsewhere`));
    expect([response.status, response.headers.get("location")]).toEqual([302, `${origin}/elsewhere`]);
    expect(sessionLine(response)).toBeDefined();
    expect(forwarded(response)).toEqual({});
  });

  it("continues when the refresh fails", async () => {
    const { proxy, visit, provider } = stage();
    const request = await visit();
    provider.fault({ at: "token", kind: "status", status: 500 });
    const response = await proxy(request);
    expect([response.headers.get("x-middleware-next"), response.headers.getSetCookie()]).toEqual(["1", []]);
    expect(response.headers.get("cache-control")).toBeNull();
  });

  it("takes an ended session from the browser, and lets the handler say that it has ended", async () => {
    const { proxy, visit, provider } = stage();
    const request = await visit();
    provider.revokeGrants();
    const response = await proxy(request);
    expect(sessionLine(response)).toMatch(/^__Host-pixy=;.*Max-Age=0/);
    expect(forwarded(response).cookie).toBe(request.headers.get("cookie"));
  });

  it("leaves alone what nobody waits for, and our own routes", async () => {
    const { proxy, visit, provider } = stage();
    const { headers } = await visit();
    const cookie = headers.get("cookie") ?? "";
    const quiet: [path: string, headers: Record<string, string>][] = [
      ["/auth/login", {}],
      ["/auth/callback?code=1", {}],
      ["/_next/image?url=1", {}],
      ["/profile", { "next-router-prefetch": "1", rsc: "1" }],
      ["/profile", { "sec-purpose": "prefetch;prerender" }],
      ["/logo.png", { "sec-fetch-dest": "image" }],
    ];
    for (const [path, extra] of quiet) {
      const response = await proxy(new NextRequest(`${origin}${path}`, { headers: { cookie, ...extra } }));
      expect([path, response.headers.getSetCookie()]).toEqual([path, []]);
    }
    expect(provider.requests).toEqual([]);
    // The fetch after a click carries RSC too, and somebody waits for it.
    const clicked = await proxy(new NextRequest(`${origin}/profile`, { headers: { cookie, rsc: "1" } }));
    expect(sessionLine(clicked)).toBeDefined();
  });

  it("answers a path of ours that Next cannot decode, and no other", async () => {
    const shop = stage({ baseUrl: `${origin}/shop` }).proxy;
    const config = { nextConfig: { basePath: "/shop" } };
    for (const path of ["/auth/%", "/auth/%ff", "/auth/x/login%"]) {
      const response = await stage().proxy(new NextRequest(`${origin}${path}`));
      expect([path, response.status]).toEqual([path, 404]);
      expect((await shop(new NextRequest(`${origin}/shop${path}`, config))).status).toBe(404);
    }
    for (const path of ["/auth/%20", "/auth/login", "/auth", "/other/%", "/authentic/%"]) {
      const response = await stage().proxy(new NextRequest(`${origin}${path}`));
      expect([path, response.headers.get("x-middleware-next")]).toEqual([path, "1"]);
    }
    const redirected = await stage().proxy(new NextRequest(`${origin}/auth/%`), Response.redirect(`${origin}/x`));
    expect(redirected.status).toBe(302);
  });

  it("refuses a store that the edge runtime cannot reach", async () => {
    const { proxy } = stage({ store: memoryStore() });
    process.env.NEXT_RUNTIME = "edge";
    await expect(proxy(new NextRequest(origin))).rejects.toMatchObject({ option: "store" });
  });

  it("reads the options at first use", async () => {
    const auth = pixy(() => ({ baseUrl: "http://app.example" }) as never);
    await expect(auth.proxy(new NextRequest(origin))).rejects.toMatchObject({ name: "ConfigurationError" });
  });
});
