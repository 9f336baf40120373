import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Auth, type AuthConfig } from "@auth/core";
import { pixy } from "@pixy/express";
import { spotify, spotifyAt } from "@pixy/providers/spotify";
import { createAuth, discover, fromRequest, type PixyOptions, secretPost } from "@pixy/server";
import { createAuthorizationServer, createClock, createUserAgent, people, type RunningApp, serve } from "@pixy/testing";
import express, { type Express, type RequestHandler } from "express";
import { type ConfigParams, auth as openIdConnect } from "express-openid-connect";
import session from "express-session";
import { Passport } from "passport";
import OAuth2Strategy, { type StrategyOptions, type VerifyCallback } from "passport-oauth2";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listen } from "../lib/listen.ts";
import { startOidcServer, throughForms } from "../lib/oidc-server.ts";
import { secret } from "../lib/web-app.ts";
import { exampleFilesOf } from "./code-blocks.ts";

// What stands on the pages is what runs here, below `tests`, where its packages are found.
const folder = fileURLToPath(new URL("../.cache/", import.meta.url));
const provider = createAuthorizationServer({ issuer: spotify.issuer, rotation: "strict" });
const clientId = "client";
const real = globalThis.fetch;

type Options = PixyOptions<{ readonly name: string }>;
type MoveIn = (options: Options) => RequestHandler;

beforeEach(() => {
  provider.reset();
  vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) =>
    String(input).startsWith("http://127.0.0.1") ? real(input, init) : provider.fetch(input, init),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  expect(provider.violations).toEqual([]);
});

/** Imports a file of a page. */
function load<Module>(page: string, name: string): Promise<Module> {
  const path = `docs/${page}.md`;
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
  for (const file of exampleFilesOf(path, text)) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.text);
  }
  return import(join(folder, `docs-${page}`, `${name}.ts`));
}

const issue = () => provider.issueTokens({ clientId, person: "ada", scope: ["user-read-private"] });
const refreshes = () => provider.tokenRequests("refresh_token").length;

/** An app whose origin is known before it is made. */
async function serveApp(make: (options: Options) => Express) {
  let app: RequestListener = () => {};
  const server = await listen((request, response) => app(request, response));
  const options: Options = {
    ...{ provider: spotify, clientId, baseUrl: server.url, secret, onEvent: () => {} },
    onLogin: () => ({ name: "of a new login" }),
  };
  app = make(options);
  return {
    ...server,
    /** The next release of the app, at the same origin. */
    become(next: (options: Options) => Express) {
      app = next(options);
    },
  };
}

function addMe(app: Express, auth: ReturnType<typeof pixy<{ readonly name: string }>>): void {
  app.get("/me", auth.requireLogin(), async (req, res) => {
    const { data } = await auth.of(req).requireSession();
    res.json({ ...data, id: ((await (await auth.of(req).fetch("/v1/me")).json()) as { id: string }).id });
  });
}

it("Auth.js: the cookie of a login by it becomes a session, and its refresh token goes on", async () => {
  const baseUrl = "http://127.0.0.1:3000";
  const oldSecret = "of the old one";
  for (const [name, value] of Object.entries({
    ...{ AUTH_SECRET: oldSecret, AUTH_SPOTIFY_ID: clientId, BASE_URL: baseUrl, SESSION_SECRET: secret },
  })) {
    vi.stubEnv(name, value);
  }
  const { moveIn } = await load<{ moveIn(request: Request): Promise<Response | null> }>(
    "coming-from-auth-js",
    "moving-in",
  );
  const { options } = await load<{ options: Options }>("coming-from-auth-js", "options");
  const old: AuthConfig = {
    ...{ secret: oldSecret, trustHost: true, basePath: "/api/auth" },
    providers: [
      {
        ...{ id: "spotify", name: "Spotify", type: "oauth", clientId, checks: ["pkce", "state"] },
        client: { token_endpoint_auth_method: "none" },
        authorization: { url: spotify.authorizationEndpoint, params: { scope: "user-read-private" } },
        ...{ issuer: spotify.issuer, token: spotify.tokenEndpoint, userinfo: "https://api.spotify.com/v1/me" },
        profile: (me: { readonly id: string; readonly display_name: string }) => ({ id: me.id, name: me.display_name }),
      },
    ],
    callbacks: {
      jwt({ token, account }) {
        if (account === null || account === undefined) return token;
        const { access_token, refresh_token, expires_at } = account;
        return { ...token, access_token, refresh_token, expires_at };
      },
    },
  };
  const auth = createAuth(options);
  const handles: ReturnType<typeof auth.open>[] = [];
  let isMoving = false;
  const answer = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname.startsWith("/api/auth")) return Auth(request, old);
    const moved = isMoving ? await moveIn(request) : null;
    if (moved !== null) return moved;
    const handle = auth.open(fromRequest(request));
    handles.push(handle);
    return Response.json({ name: (await handle.session())?.data.name ?? null });
  };
  const browser = createUserAgent({
    fetchers: { [baseUrl]: answer, [new URL(spotify.issuer).origin]: provider.fetch },
  });
  const { csrfToken } = (await browser.call(`${baseUrl}/api/auth/csrf`)).json() as { readonly csrfToken: string };
  const form = { csrfToken, callbackUrl: `${baseUrl}/` };
  const login = await browser.submit(`${baseUrl}/api/auth/signin/spotify`, form, { follow: false });
  await browser.navigate(await provider.authorize(login.headers.get("location") ?? "", { person: "ada" }));
  const names = async () => (await browser.cookies(baseUrl)).map(({ name }) => name);
  expect(await names()).toContain("authjs.session-token");

  isMoving = true;
  expect(await moveIn(new Request(baseUrl, { headers: { "sec-fetch-mode": "navigate" } }))).toBeNull();
  expect((await browser.call(`${baseUrl}/me?a=1`)).json()).toEqual({ name: null });
  const page = await browser.navigate(`${baseUrl}/me?a=1`);
  expect([page.url, page.json()]).toEqual([`${baseUrl}/me?a=1`, { name: "Ada Lovelace" }]);
  expect(page.hops.map(({ status }) => status)).toEqual([303, 200]);
  expect(await names()).not.toContain("authjs.session-token");
  provider.revokeAccessTokens();
  const answers = await Promise.all([1, 2, 3].map(() => handles.at(-1)?.fetch("/v1/me")));
  expect(await answers[0]?.json()).toMatchObject({ id: people.ada.id });
  expect(refreshes()).toBe(1);
});

it("passport: what a login by passport-oauth2 has left in express-session becomes a session of ours", async () => {
  const { moveIn } = await load<{ moveIn: MoveIn }>("coming-from-passport", "moving-in");
  // The library has no public clients.
  const clientSecret = "of the client";
  const confidential = createAuthorizationServer({
    rotation: "strict",
    clients: [
      {
        clientId,
        redirectUris: ["http://127.0.0.1/old/callback"],
        authentication: "client_secret_post",
        secret: clientSecret,
      },
    ],
  });
  const http = await serve(confidential);
  const store = new session.MemoryStore();
  const sessions = session({ store, secret: "of the old one", resave: false, saveUninitialized: false });
  const app = await serveApp((options) => {
    const passport = new Passport();
    const strategy: StrategyOptions = {
      ...{ authorizationURL: `${http.url}/authorize`, tokenURL: `${http.url}/api/token`, clientID: clientId },
      ...{ clientSecret, callbackURL: `${options.baseUrl}/old/callback`, state: true, pkce: true },
      scope: "user-read-private",
    };
    const verify = (accessToken: string, refreshToken: string, _profile: unknown, done: VerifyCallback) =>
      done(null, { name: "Ada", accessToken, refreshToken });
    passport.use(new OAuth2Strategy(strategy, verify));
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const made = express();
    made.use(sessions, passport.session());
    made.get("/old/login", passport.authenticate("oauth2"));
    made.get("/old/callback", passport.authenticate("oauth2"), (_req, res) => void res.send("in"));
    return made;
  });
  const browser = createUserAgent();
  expect((await browser.login(`${app.url}/old/login`, { person: "ada" })).body).toBe("in");

  app.become((given) => {
    const options: Options = {
      ...{ ...given, provider: spotifyAt(http.url), clientAuthentication: secretPost(clientSecret) },
    };
    const auth = pixy(options);
    const made = express();
    made.use(sessions);
    made.use(moveIn(options));
    made.use("/auth", auth.routes());
    made.use(auth.middleware());
    addMe(made, auth);
    return made;
  });
  expect((await browser.call(`${app.url}/me`)).status).toBe(401);
  const page = await browser.navigate(`${app.url}/me`);
  expect([page.url, page.json()]).toEqual([`${app.url}/me`, { name: "Ada", id: people.ada.id }]);
  expect(page.hops.map(({ status }) => status)).toEqual([303, 200]);
  expect((await browser.cookies(app.url)).map(({ name }) => name)).not.toContain("connect.sid");
  const calls = await Promise.all([1, 2, 3].map(() => browser.call(`${app.url}/me`)));
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(confidential.tokenRequests("refresh_token")).toHaveLength(1);
  expect(confidential.violations).toEqual([]);
  await Promise.all([app.close(), http.close()]);
});

it("express-openid-connect: the session of a login by it becomes a session of ours", async () => {
  const { mount } = await load<{ mount(app: Express, old: RequestHandler, options: Options): void }>(
    ...(["coming-from-express-openid-connect", "app"] as const),
  );
  // The library refuses public clients.
  const clientSecret = "of the client";
  let issuer: RunningApp | undefined;
  const oldBy = (baseURL: string, rest: ConfigParams) =>
    openIdConnect({
      ...{ issuerBaseURL: issuer?.url ?? "", baseURL, clientID: "client-of-the-app", clientSecret },
      ...{ clientAuthMethod: "client_secret_post", secret: "of the old one", authRequired: false },
      authorizationParams: { response_type: "code", scope: "openid offline_access" },
      ...rest,
    });
  const app = await serveApp(() => express());
  issuer = await startOidcServer(`${app.url}/callback`, clientSecret);
  app.become(({ baseUrl }) =>
    express()
      .use(oldBy(baseUrl, {}))
      .get("/", (req, res) => void res.json({ isIn: req.oidc.isAuthenticated() })),
  );
  const browser = createUserAgent();
  const done = await throughForms(browser, await browser.navigate(`${app.url}/login`), "ada");
  expect([done.url, done.json()]).toEqual([`${app.url}/`, { isIn: true }]);
  const names = async () => (await browser.cookies(app.url)).map(({ name }) => name);
  expect(await names()).toContain("appSession");

  const clock = createClock();
  const granted: string[] = [];
  const found = await discover(issuer.url, {
    ...{ openid: true, allowInsecureLoopback: true },
    provider: { api: issuer.url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
  });
  app.become((given) => {
    const options: Options = {
      ...{ ...given, provider: found, clientId: "client-of-the-app", now: clock.now },
      clientAuthentication: secretPost(clientSecret),
      fetch: async (input, init) => {
        const answer = await real(input, init);
        const grant = new URLSearchParams(String(init?.body ?? "")).get("grant_type");
        if (grant !== null) granted.push(`${grant} ${answer.status}`);
        return answer;
      },
    };
    const made = express();
    mount(made, oldBy(given.baseUrl, { routes: { login: false, callback: false, logout: false } }), options);
    const auth = pixy(options);
    made.get("/me", auth.requireLogin(), async (req, res) => {
      res.json(await (await auth.of(req).fetch("/v1/me")).json());
    });
    return made;
  });
  const page = await browser.navigate(`${app.url}/me`);
  expect(page.hops.map(({ status }) => status)).toEqual([303, 200]);
  expect(page.json()).toEqual({ sub: "ada", display_name: "ada" });
  expect(await names()).not.toContain("appSession");
  for (const round of [1, 2]) {
    clock.advance(3_600_000);
    const calls = await Promise.all([1, 2, 3].map(() => browser.call(`${app.url}/me`)));
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(granted).toEqual(Array(round).fill("refresh_token 200"));
  }
  await Promise.all([app.close(), issuer.close()]);
});

it("Spotify's SDK: the page hands its token over, and no other page does", async () => {
  const { createApp } = await load<{ createApp(options: Options): Express }>("coming-from-spotify-sdk", "server");
  const { accessToken: access_token, refreshToken: refresh_token } = issue();
  const app = await serveApp(createApp);
  const body = JSON.stringify({ access_token, refresh_token, expires_in: 3600, token_type: "Bearer" });
  const headers = { "content-type": "application/json" };
  const browser = createUserAgent();
  const stranger = { ...headers, "sec-fetch-site": "cross-site" };
  expect((await browser.call(`${app.url}/move-in`, { method: "POST", body, headers: stranger })).status).toBe(403);
  expect((await browser.call(`${app.url}/me`)).status).toBe(401);
  expect((await browser.call(`${app.url}/move-in`, { method: "POST", body, headers })).status).toBe(204);
  const me = await browser.call(`${app.url}/me`);
  expect(me.json()).toMatchObject({ id: people.ada.id });
  expect(refreshes()).toBe(1);
  await app.close();
});
