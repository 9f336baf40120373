import { cp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createAuthorizationServer, createUserAgent, type HttpServer, serve } from "@pixy/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../../tools/lib/child-process.ts";
import { root } from "../../tools/lib/example.ts";
import { freePort } from "../../tools/lib/port.ts";
import { describeWithoutProxy } from "./without-proxy.ts";

// As deep as the example, so that its configuration finds the workspace's.
const folder = `${root}tests/.cache`;
const secret = { SESSION_SECRET: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q" };

describe("the Next example below a prefix and without a proxy", { timeout: 60_000 }, () => {
  const provider = createAuthorizationServer();
  const browser = createUserAgent();
  let server: HttpServer;
  let build: Child;
  let app: Child;
  let baseUrl: string;

  function run(command: readonly [string, ...string[]], environment: NodeJS.ProcessEnv, ready?: RegExp): Child {
    const { PATH, HOME } = process.env;
    return startChild({
      name: "next below a prefix",
      command,
      cwd: folder,
      environment: { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", ...environment } as NodeJS.ProcessEnv,
      ...(ready ? { ready } : {}),
    });
  }

  function start(variables: Readonly<Record<string, string>>): Child {
    const PORT = new URL(baseUrl).port;
    const environment = { NODE_ENV: "production", PORT, BASE_URL: baseUrl, PROVIDER_URL: server.url, ...variables };
    return run([process.execPath, "start.ts"], environment as NodeJS.ProcessEnv, /listening on/);
  }

  beforeAll(async () => {
    server = await serve(provider, { host: "localhost" });
    baseUrl = `http://127.0.0.1:${await freePort()}/shop`;
    await rm(folder, { recursive: true, force: true });
    const keeps = (path: string) => !/\/(node_modules|\.next|\.turbo)(\/|$)/.test(path.slice(root.length - 1));
    await cp(`${root}examples/next`, folder, { recursive: true, filter: keeps });
    await rm(`${folder}/proxy.ts`);
    // The example itself is type-checked, and nobody builds the copy twice.
    const config = await readFile(`${folder}/next.config.ts`, "utf8");
    const faster = "typescript: { ignoreBuildErrors: true }, experimental: { turbopackFileSystemCacheForBuild: false }";
    await writeFile(`${folder}/next.config.ts`, config.replace("poweredByHeader: false", `$&, ${faster}`));
    await symlink(`${root}examples/next/node_modules`, `${folder}/node_modules`);
    // No variable but the one that counts at build time.
    build = run([process.execPath, "node_modules/next/dist/bin/next", "build"], { BASE_URL: baseUrl } as never);
    await build.ended;
    app = start({ ...secret, PROVIDER_ROTATION: "rotating" });
    await app.ready;
  }, 300_000);

  afterAll(async () => {
    await app?.stop();
    await server?.close();
  });

  it("is built without a secret and without a warning", async () => {
    expect([await build.ended, build.output()]).toEqual([0, expect.stringContaining("/auth/[...pixy]")]);
    expect(build.output()).not.toMatch(/warn|⚠|pixy:/i);
  });

  it("ships nothing of auth.ts to the browser, although a component there has its type", async () => {
    const names = await readdir(`${folder}/.next/static`, { recursive: true });
    const scripts = names.filter((name) => name.endsWith(".js"));
    const texts = await Promise.all(scripts.map((name) => readFile(`${folder}/.next/static/${name}`, "utf8")));
    expect(texts.some((text) => text.includes("Nobody is logged in."))).toBe(true);
    expect(texts.filter((text) => /longestPause|pixy-next|SESSION_SECRET|api\/token/.test(text))).toEqual([]);
  });

  it("logs in, renders, refreshes and logs out below it", async () => {
    const page = await browser.login(`${baseUrl}/profile?a=1`, { person: "ada" });
    expect([page.status, page.url]).toEqual([200, `${baseUrl}/profile?a=1`]);
    expect(page.body).toContain("Ada Lovelace");
    const redirectUri = provider.requests.find(({ kind }) => kind === "authorize")?.parameters.redirect_uri;
    expect(redirectUri).toBe(`${baseUrl}/auth/callback`);
    expect((await browser.call(`${baseUrl}/me`)).status).toBe(200);
    const home = await browser.navigate(baseUrl);
    expect(home.body).toContain('action="/shop/auth/logout"');
    const out = await browser.submit(`${baseUrl}/auth/logout`, {}, { follow: false });
    expect([out.status, out.headers.get("location")]).toEqual([303, "/shop/"]);
    const me = await browser.navigate(`${baseUrl}/me`, { follow: false });
    expect(me.headers.get("location")).toBe("/shop/auth/login?returnTo=%2Fshop%2Fme");
    expect((await browser.navigate(baseUrl)).body).toContain('href="/shop/auth/login"');
    expect(provider.violations).toEqual([]);
  });

  describeWithoutProxy({
    provider,
    at: (path) => `${baseUrl}${path}`,
    get providerUrl() {
      return server.url;
    },
  });

  it.each([
    [{}, /^SESSION_SECRET: [^\n]+\n$/],
    [{ ...secret, BASE_URL: "http://127.0.0.1:3002/other" }, /^BASE_URL: [^\n]+\/shop[^\n]+\n$/],
    [{ ...secret, BASE_URL: "http://app.example" }, /^BASE_URL: [^\n]+\n$/],
  ] as const)("says in one line what is missing or wrong: %o", async (variables, line) => {
    const child = start(variables);
    child.ready.catch(() => {});
    expect(await child.ended).toBe(1);
    expect(child.output()).toMatch(line);
  });

  it("ends by itself on SIGTERM", async () => {
    await app.stop();
    expect(await app.ended).toBe(0);
  });
});
