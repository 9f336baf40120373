import { createAuth, defineProvider, fromRequest, memoryStore, type PixyEvent, type Provider } from "@pixy/server";
import { type AuthorizationServer, createAuthorizationServer, createClock, createUserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

const origin = "https://app.example";
const hour = 3_600_000;
const clientId = "client-of-the-app";
type Key = "google" | "github" | "gitlab";
const issuers = { google: "https://google.test", github: "https://github.test", gitlab: "https://gitlab.test" };

function providerAt(issuer: string): Provider {
  return defineProvider({
    name: new URL(issuer).hostname,
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/api/token`,
    revocationEndpoint: `${issuer}/api/revoke`,
    api: issuer,
  });
}

/** An app with three providers of their own issuers, or the same one three times under three keys. */
function createApp(where: "cookie" | "memory", options: { readonly alike?: true; readonly onlyFirst?: true } = {}) {
  const clock = createClock();
  const events: PixyEvent[] = [];
  const servers = Object.fromEntries(
    Object.entries(issuers).map(([key, issuer]) => [
      key,
      createAuthorizationServer({ clock, issuer, paths: { revoke: "/api/revoke" } }),
    ]),
  ) as Record<Key, AuthorizationServer>;
  const serverOf = (url: string) => Object.values(servers).find(({ settings }) => url.startsWith(settings.issuer));
  const way = (key: Key) => ({
    provider: providerAt(issuers[options.alike ? "google" : key]),
    clientId,
    scope: [`${key}-scope`],
  });
  const providers = { google: way("google"), github: way("github"), gitlab: way("gitlab") };
  const common = {
    ...{ baseUrl: origin, secret, now: clock.now },
    store: where === "memory" ? memoryStore({ now: clock.now }) : undefined,
    onEvent: (event: PixyEvent) => void events.push(event),
    fetch: (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      const server = serverOf(request.url);
      if (server === undefined) throw new TypeError(`Nobody is at ${request.url}.`);
      return server.fetch(request);
    },
  };
  const several = createAuth({ ...common, providers });
  const only = createAuth({ ...common, ...way("google") });
  const state = { auth: options.onlyFirst ? only : several } as { auth: typeof several | typeof only };

  async function answer(request: Request): Promise<Response> {
    const { auth } = state as { auth: typeof several };
    const handle = auth.open(fromRequest(request));
    if (auth.routeOf(handle.request) !== null) return auth.respond(handle);
    const path = new URL(request.url).pathname;
    const login = await (path === "/more"
      ? auth.requireScope(handle, ["more"])
      : path === "/playlists"
        ? auth.requireScope(handle, ["playlist-read-private"])
        : auth.requireLogin(handle));
    if (login instanceof Response) return login;
    const { provider, scope } = login.current;
    const headers = new Headers();
    const body = { provider, scope, token: await login.accessToken() };
    for (const [name, value] of handle.takeResponseHeaders()) headers.append(name, value);
    return Response.json(body, { headers });
  }

  const fetchers = Object.fromEntries(
    Object.values(servers).map((server) => [server.settings.issuer, (request: Request) => server.fetch(request)]),
  );
  return {
    ...{ servers, clock, events },
    /** Deploys the app with all three. */
    grow: () => {
      state.auth = several;
    },
    browser: () => createUserAgent({ fetchers: { ...fetchers, [origin]: answer } }),
  };
}

type App = ReturnType<typeof createApp>;

async function logIn(app: App, key: Key, browser = app.browser()) {
  const page = await browser.login(`${origin}/auth/login?provider=${key}&returnTo=/me`, { person: "ada" });
  expect([page.status, page.json()]).toMatchObject([200, { provider: key, scope: [`${key}-scope`] }]);
  return browser;
}

const requests = (app: App, grant: string) =>
  Object.fromEntries(Object.entries(app.servers).map(([key, server]) => [key, server.tokenRequests(grant).length]));

describe.each(["cookie", "memory"] as const)("several providers, one session in %s", (where) => {
  it("each has its login, its callback, its scopes and its token requests", async () => {
    const app = createApp(where);
    for (const key of ["google", "github", "gitlab"] as const) {
      const browser = await logIn(app, key);
      const start = browser.hops.find(({ url }) => url.includes("/authorize"));
      const redirectUri = new URL(start?.url ?? "").searchParams.get("redirect_uri");
      expect(redirectUri).toBe(`${origin}/auth/callback/${key}`);
      app.clock.advance(hour + 1);
      expect((await browser.call(`${origin}/me`)).json()).toMatchObject({ provider: key });
      expect((await browser.call(`${origin}/auth/session`)).json()).toMatchObject({ loggedIn: true, provider: key });
    }
    expect(requests(app, "refresh_token")).toEqual({ google: 1, github: 1, gitlab: 1 });
    for (const { violations } of Object.values(app.servers)) expect(violations).toEqual([]);
  });

  it("a step-up, a new login and a logout go to the provider of the session", async () => {
    const app = createApp(where);
    const browser = await logIn(app, "github");
    const stepUp = await browser.navigate(`${origin}/more`, { follow: false });
    const asked = new URL(stepUp.headers.get("location") ?? "");
    expect([asked.origin, asked.searchParams.get("scope")]).toEqual([issuers.github, "github-scope more"]);
    app.servers.github.revokeGrants();
    app.clock.advance(hour + 1);
    const clone = await browser.clone();
    expect((await clone.call(`${origin}/me`)).json()).toMatchObject({
      ...{ code: "reauth_required", loginUrl: "/auth/login?provider=github" },
    });
    const again = await browser.navigate(`${origin}/me`, { follow: false });
    // A store remembers that it ended, and not where it was from: the person chooses.
    const remembered = where === "cookie" ? "provider=github&" : "";
    expect(again.headers.get("location")).toBe(`/auth/login?${remembered}returnTo=%2Fme`);
    await logIn(app, "gitlab", browser);
    await browser.navigate(`${origin}/me`);
    await browser.submit(`${origin}/auth/logout`);
    await expect.poll(() => app.servers.gitlab.requests.filter(({ kind }) => kind === "revoke").length).toBe(1);
    expect(app.servers.google.requests).toEqual([]);
  });

  it("a login at another provider replaces the session", async () => {
    const app = createApp(where);
    const browser = await logIn(app, "google");
    await logIn(app, "github", browser);
    expect(app.events).toContainEqual(expect.objectContaining({ type: "session.ended", reason: "replaced" }));
  });

  it("keeps live sessions where one provider becomes several", async () => {
    const app = createApp(where, { onlyFirst: true });
    const browser = app.browser();
    const before = await browser.login(`${origin}/me`, { person: "ada" });
    expect(before.json()).toMatchObject({ provider: null });
    app.grow();
    expect((await browser.call(`${origin}/me`)).json()).toMatchObject({ provider: "google" });
    app.clock.advance(hour + 1);
    expect((await browser.call(`${origin}/me`)).json()).toMatchObject({ provider: "google" });
    expect(requests(app, "refresh_token")).toEqual({ google: 1, github: 0, gitlab: 0 });
  });

  it("do not mix, also where two keys have the same issuer and client id", async () => {
    const app = createApp(where, { alike: true });
    const [google, github] = [await logIn(app, "google"), await logIn(app, "github")];
    app.clock.advance(hour + 1);
    const pages = await Promise.all([google.call(`${origin}/me`), github.call(`${origin}/me`)]);
    expect(pages.map((page) => page.json())).toMatchObject([{ provider: "google" }, { provider: "github" }]);
    expect(app.servers.google.tokenRequests("refresh_token")).toHaveLength(2);
  });
});

describe("the login route of several providers", () => {
  it("without one shows a page to choose, which leads back to where the person was going", async () => {
    const app = createApp("cookie");
    const browser = app.browser();
    const page = await browser.navigate(`${origin}/auth/login?returnTo=/me%3Fa%3D1`);
    expect([page.status, page.setCookies, page.headers.get("cache-control")]).toEqual([200, [], "private, no-store"]);
    const links = [...page.body.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href, text]) => [text, href]);
    const back = "returnTo=%2Fme%3Fa%3D1";
    expect(links).toEqual([
      ["Log in with google", `/auth/login?provider=google&#38;${back}`],
      ["Log in with github", `/auth/login?provider=github&#38;${back}`],
      ["Log in with gitlab", `/auth/login?provider=gitlab&#38;${back}`],
    ]);
    const guarded = await browser.navigate(`${origin}/me`, { follow: false });
    expect(guarded.headers.get("location")).toBe("/auth/login?returnTo=%2Fme");
  });

  it.each(["provider=facebook", "provider=", "provider=google&provider=google", "provider=constructor"])(
    "with %s is 404 and sets no cookie",
    async (query) => {
      const page = await createApp("cookie").browser().navigate(`${origin}/auth/login?${query}`);
      expect([page.status, page.setCookies]).toEqual([404, []]);
    },
  );

  it("shows the app's own page to choose", async () => {
    const way = { provider: providerAt(issuers.google), clientId };
    const auth = createAuth({
      ...{ baseUrl: origin, secret, providers: { google: { ...way, label: "Google" }, github: way } },
      onChoose: (choices) => Response.json(choices),
    });
    const answer = await auth.handle(new Request(`${origin}/auth/login`));
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(await answer.json()).toEqual([
      { provider: "google", label: "Google", loginUrl: "/auth/login?provider=google&returnTo=%2F" },
      { provider: "github", label: "github", loginUrl: "/auth/login?provider=github&returnTo=%2F" },
    ]);
  });
});

describe("a callback", () => {
  it("on the path of another key is 400, and the attempt is intact", async () => {
    for (const options of [{}, { alike: true }] as const) {
      const app = createApp("cookie", options);
      const browser = app.browser();
      const start = await browser.navigate(`${origin}/auth/login?provider=google`, { follow: false });
      const callback = await app.servers.google.authorize(start.headers.get("location") ?? "", { person: "ada" });
      const elsewhere = callback.replace("/auth/callback/google", "/auth/callback/github");
      const refused = await browser.navigate(elsewhere, { follow: false });
      expect([refused.status, refused.setCookies]).toEqual([400, []]);
      expect(requests(app, "authorization_code")).toEqual({ google: 0, github: 0, gitlab: 0 });
      expect((await browser.navigate(callback, { follow: false })).status).toBe(303);
    }
  });
});

describe("a login from server code", () => {
  it("is asked for a key", async () => {
    const way = { provider: providerAt(issuers.google), clientId };
    const auth = createAuth({ baseUrl: origin, secret, providers: { google: way, github: way } });
    const handle = auth.open(fromRequest(new Request(origin)));
    await expect(auth.login(handle)).rejects.toMatchObject({
      option: "provider",
      hint: expect.stringContaining("google, github"),
    });
    expect((await auth.login(handle, { provider: "github" })).status).toBe(302);
    expect(auth.loginPath(handle, "/me")).toBe("/auth/login?returnTo=%2Fme");
    expect(auth.loginPath(handle, "//evil.example")).toBe("/auth/login?returnTo=%2F");
  });
});
