import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "@auth/core/jwt";
import { pixy } from "@pixy/express";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, fromRequest, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createUserAgent, people } from "@pixy/testing";
import express, { type Express, type RequestHandler } from "express";
import session from "express-session";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listen } from "../lib/listen.ts";
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

/** An app that begins with the page's middleware; its origin is known before it is made. */
async function serveApp(make: (options: Options) => Express) {
  let app: RequestListener = () => {};
  const server = await listen((request, response) => app(request, response));
  const options: Options = {
    ...{ provider: spotify, clientId, baseUrl: server.url, secret, onEvent: () => {} },
    onLogin: () => ({ name: "of a new login" }),
  };
  app = make(options);
  return { ...server, options };
}

function addMe(app: Express, auth: ReturnType<typeof pixy<{ readonly name: string }>>): void {
  app.get("/me", auth.requireLogin(), async (req, res) => {
    const { data } = await auth.of(req).requireSession();
    res.json({ ...data, id: ((await (await auth.of(req).fetch("/v1/me")).json()) as { id: string }).id });
  });
}

it("Auth.js: the cookie that it sealed becomes a session, and its refresh token goes on", async () => {
  const baseUrl = "http://127.0.0.1:3000";
  for (const [name, value] of Object.entries({
    ...{ AUTH_SECRET: "of the old one", AUTH_SPOTIFY_ID: clientId, BASE_URL: baseUrl, SESSION_SECRET: secret },
  })) {
    vi.stubEnv(name, value);
  }
  const { moveIn } = await load<{ moveIn(request: Request): Promise<Response | null> }>(
    "coming-from-auth-js",
    "moving-in",
  );
  const { options } = await load<{ options: Options }>("coming-from-auth-js", "options");
  const { accessToken: access_token, refreshToken: refresh_token } = issue();
  const salt = "authjs.session-token";
  const token = { name: "Ada", access_token, refresh_token, expires_at: Math.floor(Date.now() / 1000) - 10 };
  const old = await encode({ token, secret: "of the old one", salt });
  const ask = (mode: string) =>
    moveIn(new Request(`${baseUrl}/me?a=1`, { headers: { cookie: `a=b; ${salt}=${old}`, "sec-fetch-mode": mode } }));

  expect(await ask("cors")).toBeNull();
  expect(await moveIn(new Request(baseUrl, { headers: { "sec-fetch-mode": "navigate" } }))).toBeNull();
  const moved = await ask("navigate");
  expect([moved?.status, moved?.headers.get("location")]).toEqual([303, "/me?a=1"]);
  const cookies = moved?.headers.getSetCookie() ?? [];
  expect(cookies.at(-1)).toMatch(/^authjs\.session-token=; .*Max-Age=0/);
  expect(cookies.some((line) => line.startsWith("a="))).toBe(false);

  const auth = createAuth(options);
  const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
  const handle = auth.open(fromRequest(new Request(`${baseUrl}/me`, { headers: { cookie } })));
  expect((await handle.session())?.data).toEqual({ name: "Ada" });
  const answers = await Promise.all([1, 2, 3].map(() => handle.fetch("/v1/me")));
  expect(await answers[0]?.json()).toMatchObject({ id: people.ada.id });
  expect(refreshes()).toBe(1);
});

it("passport: the tokens in the session of express-session become a session of ours", async () => {
  const { moveIn } = await load<{ moveIn: MoveIn }>("coming-from-passport", "moving-in");
  const { accessToken, refreshToken } = issue();
  const app = await serveApp((options) => {
    const auth = pixy(options);
    const made = express();
    made.use(session({ secret: "of the old one", resave: false, saveUninitialized: false }));
    // What `passport.session()` leaves behind after a login.
    made.get("/old-login", (req, res) => {
      Object.assign(req.session, { passport: { user: { name: "Ada", accessToken, refreshToken } } });
      res.send("in");
    });
    made.use(moveIn(options));
    made.use("/auth", auth.routes());
    made.use(auth.middleware());
    addMe(made, auth);
    return made;
  });
  const browser = createUserAgent();
  await browser.navigate(`${app.url}/old-login`);
  expect((await browser.call(`${app.url}/me`)).status).toBe(401);
  const page = await browser.navigate(`${app.url}/me`);
  expect([page.url, page.json()]).toEqual([`${app.url}/me`, { name: "Ada", id: people.ada.id }]);
  expect(page.hops.map(({ status }) => status)).toEqual([303, 200]);
  expect((await browser.cookies(app.url)).map(({ name }) => name)).not.toContain("connect.sid");
  const calls = await Promise.all([1, 2, 3].map(() => browser.call(`${app.url}/me`)));
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(refreshes()).toBe(1);
  await app.close();
});

it("express-openid-connect: what its middleware has found becomes a session of ours", async () => {
  const { mount } = await load<{ mount(app: Express, old: RequestHandler, options: Options): void }>(
    ...(["coming-from-express-openid-connect", "app"] as const),
  );
  const { accessToken: access_token, refreshToken } = issue();
  const ended: unknown[] = [];
  // In the shape of the library's: its routes are off, and `appSession` is a property of the request.
  const old: RequestHandler = (req, res, next) => {
    const known = req.headers.cookie?.includes("appSession=1") ?? false;
    const oidc = known ? { accessToken: { access_token, expires_in: -5 }, refreshToken, user: { name: "Ada" } } : {};
    Object.assign(req, { oidc, appSession: known ? {} : undefined });
    const { redirect } = res;
    res.redirect = ((status: number, url: string) => {
      ended.push((req as { appSession?: unknown }).appSession);
      res.append("set-cookie", "appSession=; Path=/; Max-Age=0");
      redirect.call(res, status, url);
    }) as typeof res.redirect;
    next();
  };
  const app = await serveApp((options) => {
    const made = express();
    mount(made, old, options);
    addMe(made, pixy(options));
    return made;
  });
  const browser = createUserAgent();
  await browser.setCookie(app.url, "appSession=1; Path=/");
  const page = await browser.navigate(`${app.url}/me`);
  expect(page.json()).toEqual({ name: "Ada", id: people.ada.id });
  expect(ended[0]).toBeUndefined();
  expect([ended.length, refreshes()]).toEqual([1, 1]);
  await app.close();
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
