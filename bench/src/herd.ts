import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";
import { memoryStore, pixy, type RecordStore } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { redisStore } from "@pixy/redis";
import { issueSession, type PixyOptions } from "@pixy/server";
import { type AuthorizationServer, createAuthorizationServer, serve } from "@pixy/testing";
import express, { type Express } from "express";
import openid from "express-openid-connect";
import { createClient } from "redis";
import { secret } from "./servers/contender.ts";
import { startOpenidProvider } from "./servers/openid-provider.ts";
import { signIn } from "./servers/sign-in.ts";
import { median } from "./throughput.ts";

export interface Herd {
  readonly name: string;
  readonly requests: number;
  /** Refresh requests that reached the provider. */
  readonly tokenRequests: number;
  /** Answers other than 200. */
  readonly failures: number;
}

/** What a person sees of a page that needs a refresh first, in milliseconds. */
export interface RefreshLatency {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Stage {
  readonly origin: string;
  listen(app: Express): void;
  close(): void;
}

async function stage(): Promise<Stage> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listen: (app) => server.on("request", app),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

function statusOf(url: string, cookie: string): Promise<number> {
  return new Promise((resolve) => {
    get(url, { agent, headers: { cookie, accept: "application/json" } }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    }).on("error", () => resolve(0));
  });
}

/** Asks all URLs in turn, all at once. */
async function herdOf(urls: readonly string[], cookie: string, requests: number): Promise<number> {
  const url = (index: number) => urls[index % urls.length] ?? "";
  const statuses = await Promise.all(Array.from({ length: requests }, (_, index) => statusOf(url(index), cookie)));
  return statuses.filter((status) => status !== 200).length;
}

/** An application of ours whose sessions hold an expired token, with a provider that replaces refresh tokens. */
async function ourApplication(store: RecordStore | undefined) {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const http = await serve(provider);
  const place = await stage();
  const options = {
    provider: spotifyAt(http.url),
    clientId: "bench",
    baseUrl: place.origin,
    secret,
    scope: ["user-read-private"],
    onLogin: () => undefined,
    store,
  };
  const auth = pixy(options);
  place.listen(
    express().get("/me", auth.requireLogin(), async (_req, res) => {
      res.json({ token: (await res.locals.auth.accessToken()).length });
    }),
  );
  return {
    url: `${place.origin}/me`,
    tokenRequests: () => provider.tokenRequests("refresh_token").length,
    enter: () => enter(options, provider),
    async close() {
      place.close();
      await http.close();
    },
  };
}

/** The cookie of somebody whose access token expired an hour ago. */
async function enter(options: PixyOptions<undefined>, provider: AuthorizationServer): Promise<string> {
  const granted = provider.issueTokens({ clientId: "bench", person: "ada", scope: ["user-read-private"] });
  const { accessToken, refreshToken, scope } = granted;
  const createdAt = Date.now() - 7_200_000;
  const tokens = { accessToken, refreshToken, scope, expiresIn: 3600, createdAt, authorizedAt: createdAt };
  return (await issueSession(options, { tokens, data: undefined })).map((line) => line.split(";")[0]).join("; ");
}

/** The same behind a load balancer: four processes of one app, with Redis between them. */
async function herdOfProcesses(requests: number): Promise<Herd> {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const http = await serve(provider);
  const baseUrl = "http://127.0.0.1:3000";
  const children = Array.from({ length: 4 }, () =>
    fork(new URL("./servers/herd-process.ts", import.meta.url), [http.url, baseUrl, secret]),
  );
  const origins = await Promise.all(children.map(async (child) => String((await once(child, "message"))[0])));
  const client = await createClient({ url: process.env.REDIS_URL ?? "" }).connect();
  const store = redisStore(client);
  const registration = { provider: spotifyAt(http.url), clientId: "bench", onLogin: () => undefined };
  const cookie = await enter({ ...registration, baseUrl, secret, store }, provider);
  const urls = origins.map((origin) => `${origin}/me`);
  const failures = await herdOf(urls, cookie, requests);
  for (const child of children) child.kill();
  client.destroy();
  await http.close();
  const tokenRequests = provider.tokenRequests("refresh_token").length;
  return { name: "@pixy/express, Redis, 4 processes", requests, tokenRequests, failures };
}

const stores: Readonly<Record<string, () => RecordStore | undefined>> = {
  "@pixy/express, cookie": () => undefined,
  "@pixy/express, memory": () => memoryStore(),
};

export async function measureHerd(requests = 1_000): Promise<Herd[]> {
  const results: Herd[] = [];
  for (const [name, store] of Object.entries(stores)) {
    const app = await ourApplication(store());
    const failures = await herdOf([app.url], await app.enter(), requests);
    results.push({ name, requests, tokenRequests: app.tokenRequests(), failures });
    await app.close();
  }
  if (process.env.REDIS_URL) results.push(await herdOfProcesses(requests));
  results.push(await openidConnectHerd(requests), await badgatewayHerd(requests));
  return results;
}

/** As EXAMPLES.md of express-openid-connect shows it: ask whether the token has expired, and refresh. */
async function openidConnectHerd(requests: number): Promise<Herd> {
  const provider = await startOpenidProvider({ expiresIn: 1, rotates: true });
  const place = await stage();
  const app = express().use(
    openid.auth({
      issuerBaseURL: provider.issuer,
      baseURL: place.origin,
      clientID: "bench",
      clientSecret: secret,
      secret,
      authRequired: false,
      authorizationParams: { response_type: "code", scope: "openid profile offline_access" },
      session: { cookie: { secure: false } },
    }),
  );
  app.get("/enter", (_req, res) => res.oidc.login({ returnTo: "/" }));
  app.get("/me", openid.requiresAuth(), async (req, res) => {
    let token = req.oidc.accessToken;
    if (token?.isExpired()) token = await token.refresh();
    res.json({ token: token?.access_token.length });
  });
  // biome-ignore lint/suspicious/noExplicitAny: Express counts the parameters.
  app.use((_error: any, _req: any, res: any, _next: any) => res.status(500).end());
  place.listen(app);
  const cookie = await signIn(`${place.origin}/enter`);
  // Its clock counts whole seconds and cannot be set.
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const failures = await herdOf([`${place.origin}/me`], cookie, requests);
  const result = { name: "express-openid-connect", requests, tokenRequests: provider.tokenRequests(), failures };
  place.close();
  provider.close();
  return result;
}

/** Not sessions, but one person's `fetch` in one process, which is what this library offers. */
async function badgatewayHerd(requests: number): Promise<Herd> {
  const provider = createAuthorizationServer({ rotation: "strict" });
  const http = await serve(provider);
  const { accessToken, refreshToken } = provider.issueTokens({
    clientId: "bench",
    person: "ada",
    scope: ["user-read-private"],
  });
  const client = new OAuth2Client({ clientId: "bench", tokenEndpoint: `${http.url}/api/token` });
  const wrapper = new OAuth2Fetch({
    client,
    getNewToken: () => null,
    getStoredToken: () => ({ accessToken, refreshToken, expiresAt: Date.now() - 1_000 }),
    scheduleRefresh: false,
  });
  const place = await stage();
  place.listen(
    express().get("/me", async (_req, res) => {
      res.json({ token: (await wrapper.getAccessToken()).length });
    }),
  );
  const failures = await herdOf([`${place.origin}/me`], "none=1", requests);
  const tokenRequests = provider.tokenRequests("refresh_token").length;
  place.close();
  await http.close();
  return { name: "@badgateway/oauth2-client (one person)", requests, tokenRequests, failures };
}

/** One person after the other, each with a token that has expired; beside it the same person's next request. */
export async function measureRefreshLatency(people = 200): Promise<RefreshLatency[]> {
  const results: RefreshLatency[] = [];
  for (const [name, store] of Object.entries(stores)) {
    const app = await ourApplication(store());
    const cold: number[] = [];
    const hot: number[] = [];
    for (let person = 0; person < people; person++) {
      const cookie = await app.enter();
      for (const times of [cold, hot]) {
        const start = performance.now();
        const status = await statusOf(app.url, cookie);
        if (status !== 200) throw new Error(`${name} answered ${status}.`);
        times.push(performance.now() - start);
      }
    }
    results.push(percentiles(`${name}: with a refresh`, cold), percentiles(`${name}: the next request`, hot));
    await app.close();
  }
  return results;
}

function percentiles(name: string, values: readonly number[]): RefreshLatency {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { name, p50: median(sorted), p95: at(0.95), p99: at(0.99) };
}
