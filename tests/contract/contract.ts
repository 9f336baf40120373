import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ExampleName, type ExampleProcess, startExample } from "../lib/example-process.ts";
import { askRaw } from "../lib/raw-answer.ts";
import { describeForgedRequests } from "./forged-requests.ts";

export interface ContractTarget {
  readonly example: ExampleName;
  /** The script that serves it; `start`, unless given. */
  readonly script?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

interface SessionAnswer {
  readonly loggedIn: boolean;
  readonly scope: readonly string[];
  readonly expiresAt: string;
  readonly authorizedAt: string;
  readonly reauthDueAt: string | null;
}

/** What every example app does, told from outside over plain HTTP, on a production build. */
export function describeContract(title: string, target: ContractTarget): void {
  describe(`contract: ${title}`, { timeout: 60_000 }, () => {
    let provider: AuthorizationServer;
    let server: HttpServer;
    let app: ExampleProcess;
    let browser: UserAgent;

    const at = (path: string) => `${app.url}${path}`;
    const session = async (of: UserAgent = browser) => (await of.call(at("/auth/session"))).json() as SessionAnswer;
    const login = (path = "/me", person: "ada" | "grace" | "deny" = "ada") => browser.login(at(path), { person });
    const ours = async (of: UserAgent = browser) => (await of.cookies(at("/"))).map((cookie) => cookie.name);
    const refreshes = () => provider.tokenRequests("refresh_token").length;

    /** Logs in with tokens that last for seconds, and waits until they have expired. */
    async function loginAndExpire(): Promise<void> {
      provider.configure({ expiresIn: 1 });
      await login();
      const { expiresAt } = await session();
      const left = Date.parse(expiresAt) - Date.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, left) + 20));
      provider.configure({ expiresIn: 3600 });
      provider.reset();
    }

    beforeAll(async () => {
      provider = createAuthorizationServer();
      server = await serve(provider);
      provider.configure({ issuer: server.url });
      app = await startExample(target.example, { PROVIDER_URL: server.url, ...target.variables }, target.script);
    });

    afterAll(async () => {
      await app?.stop();
      await server?.close();
    });

    beforeEach(() => {
      provider.reset();
      provider.configure({ expiresIn: 3600, rotation: "omit" });
      browser = createUserAgent();
    });

    it("GET / signed out is a page with a way in", async () => {
      const page = await browser.navigate(at("/"));
      expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
      expect(page.body).toContain("Log in");
      expect(page.body).toContain("/auth/login");
      expect(page.headers.get("cache-control")).toMatch(/private.*no-store/);
    });

    it("GET / signed in shows the person, and a form to log out, without asking the provider", async () => {
      await login();
      provider.reset();
      const page = await browser.navigate(at("/"));
      expect(page.body).toContain("Ada Lovelace");
      expect(page.body).toMatch(
        /<form[^>]*(method="post"[^>]*action="\/auth\/logout"|action="\/auth\/logout"[^>]*method="post")/i,
      );
      expect(provider.requests).toEqual([]);
      expect(await ours()).toEqual(expect.arrayContaining([expect.stringContaining(`pixy-${target.example}`)]));
    });

    it("GET /me signed out sends a page to the login and tells a call", async () => {
      const page = await browser.navigate(at("/me?a=1&b=%2F"), { follow: false });
      expect([302, 307]).toContain(page.status);
      const location = new URL(page.headers.get("location") ?? "", app.url);
      expect([location.pathname, location.searchParams.get("returnTo")]).toEqual(["/auth/login", "/me?a=1&b=%2F"]);
      const call = await browser.call(at("/me"));
      expect([call.status, call.setCookies]).toEqual([401, []]);
      expect(call.json()).toMatchObject({
        code: "login_required",
        message: expect.any(String),
        hint: expect.any(String),
        loginUrl: "/auth/login",
      });
    });

    it("GET /me signed in is what the provider says", async () => {
      const page = await login("/me?x=1");
      expect([page.url, page.status]).toEqual([at("/me?x=1"), 200]);
      expect(page.json()).toMatchObject({ display_name: "Ada Lovelace" });
      expect(page.headers.get("cache-control")).toMatch(/private.*no-store/);
      expect(provider.violations).toEqual([]);
    });

    it("GET /playlists asks for the scope it needs, and comes back", async () => {
      await login();
      const call = await browser.call(at("/playlists"));
      expect([call.status, (call.json() as { code: string }).code]).toEqual([403, "insufficient_scope"]);
      const page = await login("/playlists?page=2");
      expect([page.url, page.status]).toEqual([at("/playlists?page=2"), 200]);
      expect(page.body).toContain("Bernoulli");
      expect([...(await session()).scope].sort()).toEqual(["playlist-read-private", "user-read-private"]);
      expect(provider.violations).toEqual([]);
    });

    it("GET /public never touches the session", async () => {
      for (const state of ["signed out", "signed in"]) {
        if (state === "signed in") await login();
        const answer = await browser.call(at("/public"));
        expect([answer.status, answer.json(), answer.setCookies]).toEqual([200, { ok: true }, []]);
      }
    });

    it("GET /slow waits behind the guard", async () => {
      expect((await browser.call(at("/slow?ms=10"))).status).toBe(401);
      await login();
      expect((await browser.call(at("/slow?ms=50"))).json()).toMatchObject({ display_name: "Ada Lovelace" });
    });

    it("GET /auth/login goes to the provider with a login cookie", async () => {
      const page = await browser.navigate(at("/auth/login?returnTo=/me"), { follow: false });
      expect(page.status).toBe(302);
      expect(page.headers.get("location")).toContain(`${server.url}/authorize?`);
      expect(page.setCookies).toHaveLength(1);
      expect(page.setCookies[0]).toMatch(/HttpOnly/i);
      for (const [headers, status] of [
        [{ "sec-fetch-dest": "image" }, 403],
        [{ "sec-fetch-dest": "empty", "sec-fetch-mode": "cors" }, 403],
        [{ "sec-purpose": "prefetch" }, 204],
        [{ purpose: "prefetch" }, 204],
      ] as const) {
        const answer = await browser.navigate(at("/auth/login"), { follow: false, headers });
        expect([answer.status, answer.setCookies]).toEqual([status, []]);
      }
      const head = await browser.call(at("/auth/login"), { method: "HEAD" });
      expect([head.status, head.setCookies]).toEqual([405, []]);
    });

    it("an unusable returnTo becomes the start page", async () => {
      for (const returnTo of ["//evil.example", "https://evil.example", "/%5C/../..//evil.example", "/auth/logout"]) {
        browser = createUserAgent();
        const page = await login(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
        expect(new URL(page.url).origin).toBe(app.url);
      }
      const page = await login("/auth/login?returnTo=/a&returnTo=/b");
      expect(page.url).toBe(at("/"));
    });

    it("GET /auth/callback: 303, session cookie set, login cookie gone; a repeated one leads on; bad ones: 400", async () => {
      const start = await browser.navigate(at("/auth/login?returnTo=/me"), { follow: false });
      const loginCookies = await ours();
      const callback = await provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
      const stranger = createUserAgent();
      expect((await stranger.navigate(callback, { follow: false })).status).toBe(400);
      const bad = new URL(callback);
      bad.searchParams.set("state", "A".repeat(43));
      expect((await browser.navigate(bad, { follow: false })).status).toBe(400);
      expect((await browser.navigate(`${callback}&code=another`, { follow: false })).status).toBe(400);
      const head = await browser.call(callback, { method: "HEAD" });
      expect(head.status).toBe(405);
      expect(provider.tokenRequests()).toEqual([]);
      const headers = { "sec-fetch-site": "cross-site" };
      const answer = await browser.navigate(callback, { follow: false, headers });
      expect(answer.status).toBe(303);
      expect(new URL(answer.headers.get("location") ?? "", app.url).href).toBe(at("/me"));
      expect((await ours()).filter((name) => loginCookies.includes(name))).toEqual([]);
      expect((await session()).loggedIn).toBe(true);
      const again = await browser.navigate(callback, { follow: false });
      expect(again.status).toBe(303);
      expect((await browser.navigate(bad, { follow: false })).status).toBe(400);
      expect((await session()).loggedIn).toBe(true);
      expect(provider.tokenRequests()).toHaveLength(1);
      expect(provider.violations).toEqual([]);
    });

    it("a person who clicks Cancel is back in the app", async () => {
      const page = await login("/auth/login?returnTo=/", "deny");
      expect([page.status, page.url]).toEqual([200, at("/?auth_error=access_denied")]);
      expect((await ours()).some((name) => name.includes("login"))).toBe(false);
      expect((await session()).loggedIn).toBe(false);
    });

    it("POST /auth/logout ends the session for a form of our own origin only", async () => {
      const signedOut = await browser.submit(at("/auth/logout"), {}, { follow: false });
      expect(signedOut.status).toBe(303);
      await login();
      await browser.navigate(at("/"));
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "", origin: "https://evil.example" },
        { "sec-fetch-site": "", origin: "" },
      ]) {
        const refused = await browser.submit(at("/auth/logout"), {}, { follow: false, headers });
        expect([refused.status, (refused.json() as { code: string }).code]).toEqual([403, "cross_site_request"]);
      }
      expect((await browser.navigate(at("/auth/logout"), { follow: false })).status).toBe(405);
      expect((await session()).loggedIn).toBe(true);
      await browser.navigate(at("/"));
      const answer = await browser.submit(at("/auth/logout"), {}, { follow: false });
      expect(answer.status).toBe(303);
      expect(new URL(answer.headers.get("location") ?? "", app.url).href).toBe(at("/"));
      expect((await ours()).filter((name) => name.startsWith("pixy"))).toEqual([]);
      expect((await session()).loggedIn).toBe(false);
    });

    it("logout is not undone by what is still in flight", async () => {
      await loginAndExpire();
      const slow = await browser.clone();
      const late = [slow.call(at("/slow?ms=400")), slow.call(at("/slow?ms=500"))];
      await browser.navigate(at("/"));
      await browser.submit(at("/auth/logout"), {}, { follow: false });
      await Promise.all(late);
      expect((await session(slow)).loggedIn).toBe(false);
    });

    it("GET /auth/session says what a page may know", async () => {
      const signedOut = await browser.call(at("/auth/session"));
      expect([signedOut.status, signedOut.json()]).toEqual([200, { loggedIn: false }]);
      await login();
      const answer = await browser.call(at("/auth/session"));
      const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(answer.json()).toMatchObject({
        loggedIn: true,
        scope: ["user-read-private"],
        expiresAt: iso,
        authorizedAt: iso,
        reauthDueAt: iso,
      });
      expect(answer.body).not.toMatch(/token/i);
      expect(answer.headers.get("cache-control")).toMatch(/private.*no-store/);
    });

    it("is still logged in when the token has expired, with one token request for many at once", async () => {
      provider.configure({ rotation: "strict" });
      await loginAndExpire();
      const late = await browser.clone();
      const many = await Promise.all(Array.from({ length: 50 }, () => browser.call(at("/me"))));
      expect(new Set(many.map((answer) => answer.status))).toEqual(new Set([200]));
      const after = await Promise.all(Array.from({ length: 5 }, () => late.call(at("/me"))));
      expect(new Set(after.map((answer) => answer.status))).toEqual(new Set([200]));
      expect(refreshes()).toBe(1);
      expect((await browser.call(at("/me"))).status).toBe(200);
      expect(refreshes()).toBe(1);
      expect(provider.violations).toEqual([]);
    });

    it("a provider that is down or answers nonsense: 503, cookies untouched, and it comes back", async () => {
      await loginAndExpire();
      const before = await ours();
      for (const fault of [
        { kind: "status", status: 503 },
        { kind: "html", status: 200 },
      ] as const) {
        provider.clearFaults();
        provider.fault({ at: "token", ...fault });
        const answer = await browser.call(at("/me"));
        expect([answer.status, (answer.json() as { code: string }).code]).toEqual([503, "provider_unavailable"]);
        expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(answer.setCookies).toEqual([]);
      }
      expect((await browser.navigate(at("/"))).body).toContain("Ada Lovelace");
      expect(await ours()).toEqual(before);
      provider.clearFaults();
      // The pause between tries is at most ten seconds.
      const deadline = Date.now() + 30_000;
      let status = 503;
      while (status !== 200 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        status = (await browser.call(at("/me"))).status;
      }
      expect(status).toBe(200);
    });

    it("a dead refresh token is tried once, and leads to the login", async () => {
      await loginAndExpire();
      provider.revokeGrants();
      const old = await browser.clone();
      const call = await browser.call(at("/me"));
      expect([call.status, (call.json() as { code: string }).code]).toEqual([401, "reauth_required"]);
      const calls = await Promise.all(Array.from({ length: 10 }, () => old.call(at("/me"))));
      expect(new Set(calls.map((answer) => answer.status))).toEqual(new Set([401]));
      expect(refreshes()).toBe(1);
      const page = await browser.navigate(at("/me"), { follow: false });
      expect(new URL(page.headers.get("location") ?? "", app.url).pathname).toBe("/auth/login");
      expect((await login()).status).toBe(200);
    });

    it("D1 D3 forty login cookies of somebody else are in nobody's way, and no answer has more than 4 kB of headers", async () => {
      const stem = `pixy-${target.example}`;
      const foreign = Array.from(
        { length: 40 },
        (_, i) => `${stem}-login-${String(i).padStart(12, "f")}=${"v".repeat(300)}`,
      );
      const many = Array.from({ length: 300 }, (_, i) => `${stem}-login-${String(i).padStart(12, "m")}=v`);
      const page = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" };
      for (const pairs of [foreign, many]) {
        const headers = { ...page, cookie: [...pairs, `${stem}=v`, `${stem}.0=v`, `${stem}-done=v`].join("; ") };
        const answers = [
          await askRaw(at("/auth/login?returnTo=/me"), { headers }),
          await askRaw(at(`/auth/login?returnTo=/${"x".repeat(2_000)}`), { headers }),
          await askRaw(at(`/auth/callback?code=c&state=${"S".repeat(43)}`), { headers }),
          await askRaw(at("/me"), { headers }),
          await askRaw(at("/auth/session"), { headers }),
          await askRaw(at("/auth/logout"), {
            method: "POST",
            headers: { ...headers, "sec-fetch-site": "same-origin" },
          }),
        ];
        expect(Math.max(...answers.map((answer) => answer.headerOctets))).toBeLessThanOrEqual(4_096);
        expect(Math.max(...answers.map((answer) => answer.status))).toBeLessThan(500);
      }
      for (const pair of foreign) await browser.setCookie(at("/"), `${pair}; Path=/; HttpOnly`);
      expect((await login()).json()).toMatchObject({ display_name: "Ada Lovelace" });
      expect(provider.violations).toEqual([]);
    });

    describeForgedRequests(() => ({ url: app.url, provider }));

    it("cookies that somebody broke are no login, and never a 5xx", async () => {
      await login();
      const [cookie] = (await browser.cookies(at("/"))).filter((item) => item.name === `pixy-${target.example}`);
      const value = cookie?.value ?? "";
      const spoiled = [
        value.slice(0, -1),
        `${value}A`,
        value.split("").reverse().join(""),
        "",
        "x".repeat(3_000),
        "%00",
      ];
      for (const broken of spoiled) {
        const headers = { cookie: `pixy-${target.example}=${broken}` };
        const answer = await browser.call(at("/me"), { headers });
        expect([broken.slice(0, 8), answer.status]).toEqual([broken.slice(0, 8), 401]);
      }
      const twice = { cookie: `pixy-${target.example}=${value}; pixy-${target.example}=${value}` };
      expect((await browser.call(at("/me"), { headers: twice })).status).toBe(401);
    });
  });
}
