import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import type { NewLogin, PixyOptions } from "@pixy/server";
import {
  type AdapterProfile,
  type AuthorizationServer,
  type Clock,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type RunningApp,
  type UserAgent,
} from "@pixy/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareNext } from "../adapters/next-server.ts";
import { secret } from "../lib/web-app.ts";

const hour = 3_600_000;
const start = prepareNext();

describe("what may write cookies in Next, without a proxy in front", { timeout: 60_000 }, () => {
  let clock: Clock;
  let provider: AuthorizationServer;
  let app: RunningApp;
  let browser: UserAgent;

  beforeEach(() => {
    clock = createClock();
    provider = createAuthorizationServer({ clock, issuer: spotify.issuer, rotation: "strict" });
    browser = createUserAgent({
      fetchers: { [new URL(spotify.issuer).origin]: (request) => provider.fetch(request) },
    });
  });
  afterEach(async () => {
    await app.close();
    expect(provider.violations).toEqual([]);
  });

  const refreshes = () => provider.tokenRequests("refresh_token").length;

  /** Serves an app, whose address is known only then. */
  async function run(options: Partial<PixyOptions<AdapterProfile>> = {}): Promise<void> {
    const given = { baseUrl: "http://127.0.0.1:1" };
    const instance = {
      ...{ provider: spotify, clientId: "client-of-the-app", secret, scope: ["user-read-private"] },
      ...{ fetch: provider.fetch, now: clock.now, name: "writes", onEvent: () => {}, onLogin: () => ({ name: "Ada" }) },
      ...options,
    };
    app = await start(
      Object.defineProperty(instance, "baseUrl", { enumerable: true, get: () => given.baseUrl }) as never,
    );
    given.baseUrl = app.url;
  }

  async function loggedIn(): Promise<void> {
    await run();
    await browser.login(`${app.url}/auth/login?returnTo=/public`, { person: "ada" });
    provider.reset();
  }

  const ask = async (query = "") => {
    const answer = await browser.call(`${app.url}/writes/with-login${query}`);
    return [answer.status, answer.json(), answer.setCookies.length];
  };

  it("renews a token that is over, and keeps it, once", async () => {
    await loggedIn();
    expect(await ask()).toEqual([200, { status: 200 }, 0]);
    for (const round of [1, 2]) {
      clock.advance(hour);
      expect([await ask(), refreshes()]).toEqual([[200, { status: 200 }, 1], round]);
    }
    // The cookie of an error goes along, too.
    clock.advance(hour);
    expect(await ask("?throws")).toEqual([500, { code: "the app's own" }, 1]);
    expect([await ask(), refreshes()]).toEqual([[200, { status: 200 }, 0], 3]);
  });

  it("says who is not there and what is missing, or goes on without", async () => {
    await run();
    expect(await ask()).toEqual([401, { code: "login_required" }, 0]);
    expect(await ask("?optional")).toEqual([200, { status: null }, 0]);
    await browser.login(`${app.url}/auth/login?returnTo=/public`, { person: "ada" });
    expect(await ask("?scope=playlist-read-private")).toEqual([403, { code: "insufficient_scope" }, 0]);
    expect(await ask("?scope=user-read-private&optional")).toEqual([200, { status: 200 }, 0]);
    provider.revokeGrants();
    clock.advance(hour);
    expect((await ask()).slice(0, 2)).toEqual([401, { code: "reauth_required" }]);
  });

  /** The form of a page whose button starts a Server Action. */
  async function formOf(path: string): Promise<FormData> {
    const form = new FormData();
    const page = await browser.navigate(`${app.url}${path}`);
    for (const [, name = "", value = ""] of page.body.matchAll(
      /<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
    )) {
      form.append(name, value);
    }
    return form;
  }

  const own = () => ({ origin: app.url, "sec-fetch-site": "same-origin" });

  const begin: Record<string, () => Promise<{ readonly status: number }>> = {
    withLogin: () => browser.call(`${app.url}/writes/late`),
    route: () => browser.call(`${app.url}/writes/late?route`),
    async action() {
      const cookie = (await browser.cookies(app.url)).map(({ name, value }) => `${name}=${value}`).join("; ");
      const body = await formOf("/writes/late-action");
      return fetch(`${app.url}/writes/late-action`, { method: "POST", body, headers: { ...own(), cookie } });
    },
  };

  it.each(Object.keys(begin))("spends no refresh token for work that outlives it: %s", async (what) => {
    await loggedIn();
    const said = new Promise((resolve) => {
      Object.assign(globalThis, { contractLate: resolve });
    });
    provider.fault({ at: "api", kind: "unauthorized", times: 1 });
    expect((await begin[what]?.())?.status).toBe(200);
    expect([await said, refreshes()]).toEqual(["refresh_needed", 0]);
    clock.advance(hour);
    expect(await ask()).toEqual([200, { status: 200 }, 1]);
  });

  it("connects an account by a Server Action", async () => {
    const { fetch } = provider;
    const grants = createGrants({
      ...{
        providers: { spotify: { provider: spotify, clientId: "client-of-the-app" } },
        secret,
        fetch,
        now: clock.now,
      },
      store: memoryStore({ now: clock.now }),
    });
    const accountOf = async (login: NewLogin) => ((await (await login.fetch("/v1/me")).json()) as { id: string }).id;
    await run({ ...({ provider: undefined, clientId: undefined, secret: undefined } as object), grants, accountOf });
    const body = await formOf("/writes/action");
    const send = (headers: Record<string, string>) =>
      globalThis.fetch(`${app.url}/writes/action`, { method: "POST", body, redirect: "manual", headers });
    const begun = await send({ ...own(), cookie: "user=user-1" });
    const location = new URL(begun.headers.get("location") ?? "");
    expect([begun.status, location.origin]).toEqual([303, new URL(spotify.authorizationEndpoint).origin]);
    const attempt = begun.headers.getSetCookie().find((line) => line.startsWith("writes-login-")) ?? "";
    expect(attempt).not.toBe("");
    const callback = await provider.authorize(location.href, { person: "ada" });
    const cookie = `user=user-1; ${attempt.split(";")[0]}`;
    const done = await globalThis.fetch(callback, {
      redirect: "manual",
      headers: { cookie, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    });
    expect([done.status, done.headers.get("location")]).toEqual([303, "/connecting/connected"]);
    expect(await grants.has({ owner: "user-1" })).toBe(true);
    // Nobody is logged in to the app: the action fails, and nothing begins.
    const nobody = await send(own());
    expect([nobody.status, nobody.headers.getSetCookie()]).toEqual([500, []]);
  });
});
