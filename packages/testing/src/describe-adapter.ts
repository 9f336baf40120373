import type { PixyOptions } from "@pixy/server";
import { AdapterStage } from "./adapter-stage.ts";
import { equal, matches } from "./assertion.ts";
import type { Runner } from "./runner.ts";
import type { UserAgent } from "./user-agent.ts";
import type { Page } from "./visit.ts";

/** What `onLogin` of the contract's options returns. */
export interface AdapterProfile {
  readonly name: string;
}

export interface RunningApp {
  /** The origin at which it listens, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface AdapterContract {
  /** The name under which the tests are listed. */
  readonly name: string;
  /**
   * Serves one app over HTTP, on a free port, with an instance of the login for each of the options. Everything of an
   * instance lies below the path of its `baseUrl`, which is `/`, `/below/a/path` or `/second`:
   *
   * - `/auth/…`: login, callback, logout, session
   * - `/`: `{ "name": … }` out of the session's data, or `{ "name": null }`
   * - `/me`: behind the guard; `/v1/me` as the provider answers it, with the answer's status
   * - `/playlists`: behind the guard for the scope `playlist-read-private`; `/v1/me/playlists` in the same way
   * - `/unguarded`: as `/me`, but without a guard; errors of ours are answered as the adapter answers them
   * - `/own-cookie`: as `/me`, with the app's own `Set-Cookie: own=1; Path=/` and `Vary: Accept`
   * - `/public`: `{ "ok": true }`, and nothing is asked of the login
   */
  readonly start: (...instances: readonly PixyOptions<AdapterProfile>[]) => Promise<RunningApp>;
}

type Row = (stage: AdapterStage) => Promise<void>;

/** Runs what every adapter promises against an app that is served over HTTP. Failed promises throw, whatever the runner. */
export function describeAdapter({ describe, it }: Runner, contract: AdapterContract): void {
  const row = (promise: string, body: Row, paths: readonly string[] = [""]): void => {
    it(promise, async () => {
      const stage = new AdapterStage();
      await stage.open(contract, paths);
      try {
        await body(stage);
        equal(stage.provider.violations, [], "rules of the provider that were broken");
      } finally {
        await stage.close();
      }
    });
  };

  describe(contract.name, () => {
    describe("login", () => {
      row("leads a page through the provider and back to where it was", async (stage) => {
        const browser = stage.browser();
        const page = await browser.login(stage.at("/me?a=1&b=%2F"), { person: "ada" });
        equal([page.status, page.url], [200, stage.at("/me?a=1&b=%2F")]);
        equal((page.json() as { display_name: string }).display_name, "Ada Lovelace");
        equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
        isPrivate(page);
      });

      row("sends the browser away with one login cookie, and nothing to a prefetch or an image", async (stage) => {
        const browser = stage.browser();
        const url = stage.at("/auth/login?returnTo=/me");
        const page = await browser.navigate(url, { follow: false });
        equal([page.status, page.setCookies.length], [302, 1]);
        matches(page.setCookies[0] ?? null, /^__Host-contract-login-.*; Path=\/; HttpOnly; Secure; SameSite=Lax/);
        isPrivate(page);
        for (const [headers, status] of [
          [{ "sec-purpose": "prefetch" }, 204],
          [{ "sec-fetch-dest": "image" }, 403],
        ] as const) {
          const answer = await browser.navigate(url, { follow: false, headers });
          equal([answer.status, answer.setCookies], [status, []]);
        }
      });

      row("does not start for HEAD, or for a route that is none", async (stage) => {
        const browser = stage.browser();
        const head = await browser.call(stage.at("/auth/login"), { method: "HEAD" });
        equal([head.status, head.headers.get("allow"), head.setCookies], [405, "GET", []]);
        equal((await browser.call(stage.at("/auth/logins"))).status, 404);
      });

      row("comes back to the start page where returnTo cannot be used", async (stage) => {
        for (const returnTo of ["//evil.example", "https://evil.example", "/\\evil.example", "/auth/logout"]) {
          const query = new URLSearchParams({ returnTo });
          const page = await stage.browser().login(stage.at(`/auth/login?${query}`), { person: "ada" });
          equal(page.url, stage.at("/"), returnTo);
        }
      });
    });

    describe("callback", () => {
      row("counts once, in the browser that began, as the provider wrote it", async (stage) => {
        const browser = stage.browser();
        const start = await browser.navigate(stage.at("/auth/login?returnTo=/me"), { follow: false });
        const callback = await stage.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
        const get = (by: UserAgent, url: string) => by.navigate(url, { follow: false });
        equal((await get(stage.browser(), callback)).status, 400, "another browser");
        equal((await get(browser, callback.replace(/state=./, "state=_"))).status, 400, "another state");
        equal((await get(browser, `${callback}&code=again`)).status, 400, "a repeated parameter");
        equal((await browser.call(callback, { method: "HEAD" })).status, 405);
        equal(stage.provider.tokenRequests().length, 0);
        const done = await get(browser, callback);
        equal([done.status, new URL(done.headers.get("location") ?? "", done.url).pathname], [303, "/me"]);
        isPrivate(done);
        equal((await get(browser, callback)).status, 303, "a reload leads on");
        equal(stage.provider.tokenRequests().length, 1);
        equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
      });

      row("brings somebody who refused back to the app, logged out", async (stage) => {
        const page = await stage.browser().login(stage.at("/auth/login"), { person: "deny" });
        equal([page.url, page.json()], [stage.at("/?auth_error=access_denied"), { name: null }]);
      });

      row("says what to do when the provider is down, and a reload succeeds", async (stage) => {
        const browser = stage.browser();
        stage.provider.fault({ at: "token", kind: "status", status: 503, times: 1 });
        const page = await browser.login(stage.at("/me"), { person: "ada" });
        equal(page.status, 503);
        matches(page.headers.get("content-type"), /^text\/html/);
        equal((await browser.navigate(page.url)).status, 200);
      });
    });

    describe("guard", () => {
      row("redirects a page, tells a call and a prefetch", async (stage) => {
        const browser = stage.browser();
        const page = await browser.navigate(stage.at("/me?a=1"), { follow: false });
        equal([page.status, page.headers.get("location")], [302, "/auth/login?returnTo=%2Fme%3Fa%3D1"]);
        isPrivate(page);
        const call = await browser.call(stage.at("/me"));
        const { code, loginUrl } = call.json() as { code: string; loginUrl: string };
        equal([code, loginUrl], ["login_required", "/auth/login"]);
        for (const answer of [call, await browser.prefetch(stage.at("/me"))]) {
          equal([answer.status, answer.setCookies], [401, []]);
          matches(answer.headers.get("www-authenticate"), /./);
          isPrivate(answer);
        }
      });

      row("tells a call without a guard, too", async (stage) => {
        const answer = await stage.browser().call(stage.at("/unguarded"));
        equal([answer.status, (answer.json() as { code: string }).code], [401, "login_required"]);
        isPrivate(answer);
        const browser = await stage.loggedIn();
        equal((await browser.call("/unguarded")).status, 200);
      });

      row("asks a page for a missing scope, tells a call", async (stage) => {
        const browser = await stage.loggedIn();
        const call = await browser.call("/playlists");
        equal([call.status, (call.json() as { code: string }).code], [403, "insufficient_scope"]);
        const page = await browser.login(stage.at("/playlists?page=2"), { person: "ada" });
        equal([page.status, page.url], [200, stage.at("/playlists?page=2")]);
        const { scope } = (await browser.call("/auth/session")).json() as { scope: string[] };
        equal([...scope].sort(), ["playlist-read-private", "user-read-private"]);
      });

      row("leaves what is public alone", async (stage) => {
        const browser = await stage.loggedIn();
        const answer = await browser.call("/public");
        equal([answer.json(), answer.setCookies], [{ ok: true }, []]);
        equal(answer.headers.get("vary")?.includes("Cookie") ?? false, false);
      });
    });

    describe("session", () => {
      row("is told to pages of the app, without a token", async (stage) => {
        const signedOut = await stage.browser().call(stage.at("/auth/session"));
        equal([signedOut.status, signedOut.json()], [200, { loggedIn: false }]);
        isPrivate(signedOut);
        const browser = await stage.loggedIn();
        const session = await browser.call("/auth/session");
        equal((session.json() as { loggedIn: boolean }).loggedIn, true);
        equal(/access-|refresh-/.test(session.body), false, "a token in the answer");
        isPrivate(session);
        equal((await browser.call("/auth/session", { method: "HEAD" })).status, 200);
        equal((await browser.call("/auth/session", { method: "POST" })).status, 405);
      });

      row("stays as it is when nothing changed", async (stage) => {
        const browser = await stage.loggedIn();
        for (const path of ["/", "/me", "/auth/session"]) equal((await browser.call(path)).setCookies, [], path);
      });

      row("ends by a form of the app, and by nothing else", async (stage) => {
        const browser = await stage.loggedIn();
        const copy = await browser.clone();
        const logout = (headers: Record<string, string>) =>
          browser.submit("/auth/logout", {}, { follow: false, headers });
        equal((await browser.navigate("/auth/logout", { follow: false })).status, 405);
        await browser.navigate("/");
        for (const site of ["cross-site", "same-site"]) {
          equal((await logout({ "sec-fetch-site": site })).status, 403, site);
        }
        equal((await logout({ "sec-fetch-site": "", origin: "" })).status, 403, "neither header");
        equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
        const done = await logout({});
        equal([done.status, done.headers.get("location")], [303, "/"]);
        isPrivate(done);
        equal(await browser.cookies(stage.at("/")), []);
        equal((await copy.navigate("/")).json(), { name: null });
      });

      row("leaves the app's own cookies and Vary in their place", async (stage) => {
        const browser = await stage.loggedIn();
        stage.clock.advance(3_600_000);
        const answer = await browser.call("/own-cookie");
        equal([answer.status, answer.setCookies.length], [200, 2]);
        equal(answer.setCookies.map((line) => line.split("=")[0]).sort(), ["__Host-contract", "own"]);
        matches(answer.headers.get("vary"), /\bAccept\b/);
        isPrivate(answer);
      });
    });

    describe("refresh", () => {
      row("happens once for 50 requests at a time and 5 late ones, although reuse ends the grant", async (stage) => {
        stage.provider.configure({ rotation: "strict" });
        const browser = await stage.loggedIn();
        const late = await browser.clone();
        const copies = await Promise.all(Array.from({ length: 50 }, () => browser.clone()));
        stage.clock.advance(3_600_000);
        const answers = await Promise.all(copies.map((copy) => copy.call("/me")));
        equal(new Set(answers.map((answer) => answer.status)), new Set([200]));
        stage.clock.advance(2_000);
        for (let index = 0; index < 5; index++) {
          const answer = await (await late.clone()).call("/me");
          equal(answer.status, 200);
          equal(
            answer.setCookies.some((line) => /Max-Age=0/i.test(line)),
            false,
          );
        }
        equal(stage.refreshes, 1);
        equal((await (copies[0] as UserAgent).call("/me")).status, 200);
      });

      row("puts the new session into the answer, and the old one is not needed again", async (stage) => {
        stage.provider.configure({ rotation: "strict" });
        const browser = await stage.loggedIn();
        for (let round = 1; round <= 3; round++) {
          stage.clock.advance(3_600_000);
          const answer = await browser.call("/me");
          equal([answer.status, answer.setCookies.length, stage.refreshes], [200, 1, round]);
        }
      });

      row("that the provider cannot answer is a 503, and the session stays", async (stage) => {
        const browser = await stage.loggedIn();
        stage.clock.advance(3_600_000);
        stage.provider.fault({ at: "token", kind: "status", status: 503, retryAfter: 7 });
        const call = await browser.call("/me");
        equal([call.status, (call.json() as { code: string }).code], [503, "provider_unavailable"]);
        equal([call.setCookies, Number(call.headers.get("retry-after")) > 0], [[], true]);
        equal((await browser.navigate("/")).json(), { name: "Ada Lovelace" });
      });

      row("that the provider refuses ends the session", async (stage) => {
        const browser = await stage.loggedIn();
        stage.clock.advance(3_600_000);
        stage.provider.revokeGrants();
        const call = await browser.call("/me");
        equal([call.status, stage.refreshes], [401, 1]);
        const names = (await browser.cookies(stage.at("/"))).map((cookie) => cookie.name);
        equal(names.includes("__Host-contract"), false);
      });
    });

    describe("place", () => {
      row(
        "is the path that the app is mounted below",
        async (stage) => {
          const browser = stage.browser();
          const page = await browser.navigate(stage.at("/below/a/path/me?a=1"), { follow: false });
          equal(page.headers.get("location"), "/below/a/path/auth/login?returnTo=%2Fbelow%2Fa%2Fpath%2Fme%3Fa%3D1");
          const home = await browser.login(stage.at("/below/a/path/me?a=1"), { person: "ada" });
          equal([home.status, home.url], [200, stage.at("/below/a/path/me?a=1")]);
          const logout = await browser.submit("/below/a/path/auth/logout", {}, { follow: false });
          equal([logout.status, logout.headers.get("location")], [303, "/below/a/path/"]);
        },
        ["/below/a/path"],
      );

      row(
        "has room for two instances that know nothing of each other",
        async (stage) => {
          const browser = stage.browser();
          await browser.login(stage.at("/me"), { person: "ada" });
          await browser.login(stage.at("/second/me"), { person: "grace" });
          const name = async (path: string) => (await browser.navigate(stage.at(path))).json();
          equal([await name("/"), await name("/second/")], [{ name: "Ada Lovelace" }, { name: "Grace Hopper" }]);
          const logout = await browser.submit("/second/auth/logout", {}, { follow: false });
          equal(logout.status, 303);
          equal([await name("/"), await name("/second/")], [{ name: "Ada Lovelace" }, { name: null }]);
        },
        ["", "/second"],
      );
    });
  });
}

/** Whatever depends on who asks is for no cache between the app and the browser. */
function isPrivate(page: Page): void {
  matches(page.headers.get("cache-control"), /^private, no-store$/, "Cache-Control");
  matches(page.headers.get("vary"), /\bCookie\b/i, "Vary");
}
