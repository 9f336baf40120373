import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Grants } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { createAuthorizationServer, createUserAgent } from "@pixy/testing";
import type { Express } from "express";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { secret } from "../lib/web-app.ts";
import { exampleFilesOf } from "./code-blocks.ts";

// What stands on the page is what runs here, below `tests`, where its packages are found.
const page = readFileSync(fileURLToPath(new URL("../../docs/acting-while-away.md", import.meta.url)), "utf8");
const folder = fileURLToPath(new URL("../.cache/", import.meta.url));
const provider = createAuthorizationServer({ issuer: spotify.issuer, rotation: "strict" });
const state = { app: "web" as "web" | "login" | "several" };
const server = createServer((req, res) => modules[state.app].app(req, res));
const real = globalThis.fetch;

interface Modules {
  readonly grants: { readonly grants: Grants };
  readonly web: { readonly app: Express };
  readonly login: { readonly app: Express };
  readonly several: { readonly app: Express };
  readonly job: { job(owner: string): Promise<number | null>; everyHour(): Promise<void> };
  readonly "moving-in": { moveIn(row: object): Promise<void> };
}
let modules: Modules;
let origin: string;

beforeAll(async () => {
  for (const { path, text } of exampleFilesOf("docs/acting-while-away.md", page)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [name, value] of Object.entries({
    SPOTIFY_CLIENT_ID: "client",
    GITLAB_CLIENT_ID: "other",
    SECRET: secret,
    BASE_URL: origin,
  })) {
    vi.stubEnv(name, value);
  }
  vi.stubGlobal("fetch", (input: string | URL, init?: RequestInit) =>
    String(input).startsWith(origin) ? real(input, init) : provider.fetch(input, init),
  );
  const load = (name: string) => import(join(folder, "docs-acting-while-away", `${name}.ts`));
  const names = ["grants", "web", "login", "several", "job", "moving-in"];
  modules = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await load(name)]))) as Modules;
});

afterAll(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  server.close().closeAllConnections();
});

it("the page's app connects an account, and its job works while nobody is there", async () => {
  const headers = { "x-user": "user-42", "sec-fetch-site": "same-origin" };
  const away = await fetch(`${origin}/connect`, { method: "POST", headers, redirect: "manual" });
  const cookie = away.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const back = await provider.authorize(away.headers.get("location") ?? "", { person: "ada" });
  const home = await fetch(back, { headers: { ...headers, cookie, "sec-fetch-mode": "navigate" }, redirect: "manual" });
  expect([home.status, home.headers.get("location")]).toEqual([303, "/settings"]);
  provider.revokeAccessTokens();
  expect([await modules.job.job("user-42"), provider.tokenRequests("refresh_token").length]).toEqual([200, 1]);
  await modules.job.everyHour();
  await fetch(`${origin}/disconnect`, { method: "POST", headers, redirect: "manual" });
  await expect(modules.job.job("user-42")).rejects.toMatchObject({ code: "grant_not_found" });
});

it("the page's login shares its grant with the job, and ends everywhere at once", async () => {
  state.app = "login";
  const issuer = new URL(spotify.issuer).origin;
  const [phone, desk] = [1, 2].map(() => createUserAgent({ fetchers: { [issuer]: provider.fetch } }));
  for (const browser of [phone, desk]) await browser?.login(`${origin}/me`, { person: "ada" });
  const devices = JSON.parse((await phone?.navigate(`${origin}/devices`))?.body ?? "") as {
    id: string;
    isThis: boolean;
  }[];
  expect(devices.map(({ isThis }) => isThis).sort()).toEqual([false, true]);
  expect(await modules.job.job("user-ada-1815")).toBe(200);
  const other = devices.find(({ isThis }) => !isThis)?.id;
  expect((await phone?.submit(`${origin}/devices/end/${other}`, {}, { follow: false }))?.status).toBe(303);
  expect([(await phone?.call(`${origin}/me`))?.status, (await desk?.call(`${origin}/me`))?.status]).toEqual([200, 401]);
  await phone?.submit(`${origin}/log-out-everywhere`, {}, { follow: false });
  expect((await phone?.call(`${origin}/me`))?.status).toBe(401);
  await expect(modules.job.job("user-ada-1815")).rejects.toMatchObject({ code: "grant_not_found" });
});

it("the page's login with several providers asks each for its own", async () => {
  state.app = "several";
  const page = await (await fetch(`${origin}/auth/login`, { headers: { accept: "text/html" } })).text();
  expect([page.includes("Log in with Spotify"), page.includes("Log in with GitLab")]).toEqual([true, true]);
  for (const [key, client, scope] of [
    ["spotify", "client", "user-read-private"],
    ["gitlab", "other", "read_user"],
  ]) {
    const away = await fetch(`${origin}/auth/login?provider=${key}`, { redirect: "manual" });
    const asked = new URL(away.headers.get("location") ?? "").searchParams;
    expect([asked.get("client_id"), asked.get("redirect_uri")]).toEqual([client, `${origin}/auth/callback/${key}`]);
    expect(asked.get("scope")?.split(" ")).toContain(scope);
  }
});

it("the page's way to move in takes tokens of another library", async () => {
  const { accessToken, refreshToken } = provider.issueTokens({ clientId: "client", person: "grace" });
  const expired = { access_token: accessToken, refresh_token: refreshToken, expires_at: 0 };
  await modules["moving-in"].moveIn({ userId: 7, ...expired });
  expect(await modules.job.job("7")).toBe(200);
  provider.revokeGrants("grace");
  provider.revokeAccessTokens();
  vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await modules.job.job("7")).toBeNull();
});
