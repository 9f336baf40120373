import { createGrants, memoryStore } from "@pixy/grants";
import { type ConnectingOptions, type PixyEvent, pixy } from "@pixy/hono";
import { defineProvider, type NewLogin, type Provider } from "@pixy/server";
import { type AuthorizationServer, createAuthorizationServer, createClock, createUserAgent } from "@pixy/testing";
import { type Context, Hono } from "hono";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

const origin = "https://app.example";
const hour = 3_600_000;
type Key = "music" | "code";
const issuers: Readonly<Record<Key, string>> = { music: "https://music.test", code: "https://code.test" };
const keys = ["music", "code"] as const;

function providerAt(issuer: string): Provider {
  return defineProvider({
    name: new URL(issuer).hostname,
    issuer,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/api/token`,
    api: issuer,
  });
}

const accountOf = async (login: NewLogin) => ((await (await login.fetch("/v1/me")).json()) as { id: string }).id;

const clientAt = (key: Key) => ({ clientId: `client-at-${key}`, redirectUris: [`${origin}/auth/callback/${key}`] });

/** An app on Hono with the grants of two providers; each has a server and a client of its own. */
function createApp(change: Pick<ConnectingOptions, "owner" | "ownerOf">) {
  const clock = createClock();
  const events: PixyEvent[] = [];
  const servers: Readonly<Record<Key, AuthorizationServer>> = {
    music: createAuthorizationServer({ clock, issuer: issuers.music, clients: [clientAt("music")] }),
    code: createAuthorizationServer({ clock, issuer: issuers.code, clients: [clientAt("code")] }),
  };
  const at = (request: Request) => {
    const key = keys.find((each) => request.url.startsWith(issuers[each]));
    if (key === undefined) throw new TypeError(`Nobody is at ${request.url}.`);
    return servers[key].fetch(request);
  };
  const fetch: typeof globalThis.fetch = (input, init) => at(new Request(input, init));
  const { now } = clock;
  const grants = createGrants({
    providers: {
      music: { provider: providerAt(issuers.music), clientId: "client-at-music" },
      code: { provider: providerAt(issuers.code), clientId: "client-at-code" },
    },
    ...{ secret, store: memoryStore({ now }), fetch, now },
  });
  const auth = pixy({
    grants,
    providers: { music: { scope: ["listen"], label: "The Music" }, code: { scope: ["read", "write"] } },
    ...{ baseUrl: origin, fetch, now, accountOf },
    onEvent: (event) => void events.push(event),
    ...change,
  });
  const app = new Hono();
  app.route("/auth", auth.routes());
  app.use(auth.middleware());
  app.post("/connect/:key", (c) =>
    auth.connect(c, { owner: c.req.header("x-user"), provider: c.req.param("key") as Key, returnTo: "/done" }),
  );
  app.post("/connect", (c) => auth.connect(c, { owner: c.req.header("x-user") }));
  app.get("/me", auth.requireLogin(), async (c) => {
    // The type is the two keys, and not `null`.
    const provider: Key = c.var.auth.current.provider;
    const { owner, scope } = c.var.auth.current;
    return c.json({ provider, owner, scope, token: await c.var.auth.accessToken() });
  });
  app.get("/more", auth.requireScope("more"), (c) => c.json(c.var.auth.current.scope));
  app.get("/done", (c) => c.text("done"));
  app.onError((error, c) => c.json({ ...error, message: error.message }, 500));
  const fetchers = { [issuers.music]: at, [issuers.code]: at, [origin]: async (r: Request) => app.fetch(r) };
  const requests = (grant: string) => keys.map((key) => servers[key].tokenRequests(grant).length);
  return { ...{ app, servers, grants, clock, events, requests }, browser: () => createUserAgent({ fetchers }) };
}

const asked = (browser: ReturnType<typeof createUserAgent>) => {
  const { url } = browser.hops.find((hop) => hop.url.includes("/authorize")) ?? { url: "" };
  const { searchParams } = new URL(url);
  return [searchParams.get("client_id"), searchParams.get("scope"), searchParams.get("redirect_uri")];
};

describe("people who log in with one of the providers of grants", () => {
  const owner = () => "user-42";

  it("choose it by its label", async () => {
    const page = await createApp({ owner }).browser().navigate(`${origin}/auth/login?returnTo=/me`);
    const links = [...page.body.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href, text]) => [text, href]);
    expect(links).toEqual([
      ["Log in with The Music", "/auth/login?provider=music&#38;returnTo=%2Fme"],
      ["Log in with code", "/auth/login?provider=code&#38;returnTo=%2Fme"],
    ]);
  });

  it("are asked for its scope, and have one grant at each, which jobs share", async () => {
    const { browser, clock, grants, requests, servers } = createApp({ owner });
    for (const [key, scope] of [
      ["music", ["listen"]],
      ["code", ["read", "write"]],
    ] as const) {
      const theirs = browser();
      const page = await theirs.login(`${origin}/auth/login?provider=${key}&returnTo=/me`, { person: "ada" });
      expect(page.json()).toMatchObject({ provider: key, owner: "user-42", scope });
      expect(asked(theirs)).toEqual([`client-at-${key}`, scope.join(" "), `${origin}/auth/callback/${key}`]);
      clock.advance(hour + 1);
      const { token } = (await theirs.call(`${origin}/me`)).json() as { token: string };
      expect(await grants.of({ owner: "user-42", provider: key }).accessToken()).toBe(token);
    }
    expect(requests("refresh_token")).toEqual([1, 1]);
    const listed = await grants.list({ owner: "user-42" });
    expect(listed.map(({ provider, scope }) => [provider, scope]).sort()).toEqual([
      ["code", ["read", "write"]],
      ["music", ["listen"]],
    ]);
    for (const { violations } of Object.values(servers)) expect(violations).toEqual([]);
  });

  it.each(keys)("are asked for more where the session is from: %s", async (key) => {
    const { browser, servers, requests } = createApp({ owner });
    const theirs = browser();
    await theirs.login(`${origin}/auth/login?provider=${key}&returnTo=/me`, { person: "ada" });
    const page = await theirs.login(`${origin}/more`, { person: "ada" });
    expect(page.json()).toEqual([...(key === "music" ? ["listen"] : ["read", "write"]), "more"]);
    expect(requests("authorization_code")).toEqual(key === "music" ? [2, 0] : [0, 2]);
    expect(servers[key].violations).toEqual([]);
  });

  it("are an account at a provider, where the app does not say whose login it is", async () => {
    const theirs = createApp({}).browser();
    for (const key of keys) {
      const page = await theirs.login(`${origin}/auth/login?provider=${key}&returnTo=/me`, { person: "ada" });
      expect(page.json()).toMatchObject({ owner: expect.stringMatching(new RegExp(`^${key}:`)) });
    }
  });
});

describe("users of the app who connect an account at one of the providers of grants", () => {
  const ownerOf = (c: Context) => c.req.header("x-user");
  const form = { method: "POST", headers: { "x-user": "user-1", "sec-fetch-site": "same-origin" } };

  it.each(keys)("are asked for the scope of %s, and a job renews its grant there", async (key) => {
    const { app, grants, servers, clock, requests } = createApp({ ownerOf });
    const begun = await app.request(`${origin}/connect/${key}`, form);
    const location = new URL(begun.headers.get("location") ?? "");
    expect([location.origin, location.searchParams.get("scope")]).toEqual([
      issuers[key],
      key === "music" ? "listen" : "read write",
    ]);
    const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const callback = await servers[key].authorize(location.href, { person: "ada" });
    const headers = { cookie, "x-user": "user-1", "sec-fetch-mode": "navigate" };
    const done = await app.request(callback, { headers });
    expect([done.status, done.headers.get("location")]).toEqual([303, "/done"]);
    const has = await Promise.all(keys.map((provider) => grants.has({ owner: "user-1", provider })));
    expect(has).toEqual(keys.map((each) => each === key));
    clock.advance(hour + 1);
    expect((await grants.of({ owner: "user-1", provider: key }).fetch("/v1/me")).status).toBe(200);
    expect(requests("refresh_token")).toEqual(keys.map((each) => (each === key ? 1 : 0)));
    expect(servers[key].violations).toEqual([]);
  });

  it("have to be sent to one of them", async () => {
    const { app } = createApp({ ownerOf });
    const answer = await app.request(`${origin}/connect`, form);
    expect(await answer.json()).toMatchObject({ option: "provider", hint: expect.stringContaining("music, code") });
  });
});
