import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import { createAuthorizationServer, type HttpServer, people, type RunningApp, serve, withSession } from "@pixy/testing";
import express, { type Express } from "express";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { createServer, defaultClientConditions, type ViteDevServer } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../examples/express/src/app.ts";
import { readEnvironment } from "../../examples/shared/src/environment.ts";
import { serveTls, type TlsProxy } from "../engines/tls-proxy.ts";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { bundle } from "../lib/bundle.ts";
import { listen } from "../lib/listen.ts";
import { secret } from "../lib/web-app.ts";

const names = ["--host-resolver-rules=MAP *.test 127.0.0.1"];
const root = fileURLToPath(new URL("../..", import.meta.url));

withBrowser("a page and its API", () => {
  const provider = createAuthorizationServer();
  let server: HttpServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([serve(provider, { host: "localhost" }), launchBrowser(names)]);
  });
  afterAll(() => Promise.all([browser?.close(), server?.close()]));
  beforeEach(async () => {
    provider.reset();
    context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    expect(provider.violations).toEqual([]);
  });

  async function choose(): Promise<void> {
    await page.waitForURL(`${server.url}/authorize?**`);
    await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
  }

  describe("of Vite's dev server, in front of the Express example", () => {
    let api: RunningApp;
    let vite: ViteDevServer;
    let origin: string;

    beforeAll(async () => {
      let app: Express | undefined;
      api = await listen((request, response) => app?.(request, response));
      vite = await createServer({
        ...{ root: fileURLToPath(new URL("page-and-api", import.meta.url)), configFile: false, logLevel: "silent" },
        cacheDir: `${root}tests/.cache/vite`,
        resolve: { conditions: ["@pixy/source", ...defaultClientConditions] },
        server: {
          host: "127.0.0.1",
          port: 0,
          hmr: false,
          fs: { allow: [root] },
          proxy: { "/auth": api.url, "/me": api.url },
        },
      });
      await vite.listen();
      origin = new URL(vite.resolvedUrls?.local[0] ?? "").origin;
      const variables = { PROVIDER_URL: server.url, BASE_URL: origin, SESSION_SECRET: secret };
      app = createApp(readEnvironment(variables, { port: 3001 }), undefined);
    });
    afterAll(() => Promise.all([vite?.close(), api?.close()]));

    const shows = (words: string) => page.getByRole("status").getByText(words, { exact: true }).waitFor();
    const click = (name: string) => page.getByRole("button", { name, exact: true }).click();

    it("logs in, shows the name, asks and logs out, as if the routes were its own", async () => {
      await page.goto(`${origin}/?a=1`);
      await shows("loggedOut nobody");
      await click("Log in");
      await choose();
      await shows("loggedIn Ada Lovelace");
      expect(page.url()).toBe(`${origin}/?a=1`);
      await click("Ask");
      await page.waitForFunction((title) => document.title === title, `200 ${people.ada.id}`);
      await click("Log out");
      await shows("loggedOut nobody");
      expect(await context.cookies()).toEqual([]);
    });
  });

  describe("on an origin each", () => {
    let tls: TlsProxy;
    let backend: RunningApp;
    let api: string;
    let asked: string;
    let options: PixyOptions<{ readonly name: string }>;
    const at = (host: string) => `https://${host}.test:${new URL(tls.url).port}`;

    beforeAll(async () => {
      let app: Express | undefined;
      backend = await listen((request, response) => app?.(request, response));
      tls = await serveTls(() => backend.url);
      api = at("api.shop");
      asked = `fetch("${api}/auth/session", { credentials: "include" })`;
      options = {
        ...{ provider: spotifyAt(server.url), clientId: "client-of-the-app", baseUrl: api, secret, name: "shop" },
        ...{
          trustedOrigins: [at("app.shop"), at("app.elsewhere")],
          onLogin: () => ({ name: "Ada" }),
          onEvent: () => {},
        },
      };
      const { code } = await bundle('import { pixy } from "@pixy/browser"; window.pixy = pixy;');
      app = createPages(code);
    });
    afterAll(() => Promise.all([tls?.close(), backend?.close()]));

    /** The API, and pages of every host: each asks the API. */
    function createPages(script: string): Express {
      const auth = pixy(options);
      const made = express();
      made.get("/page", (_req, res) => void res.send(`<!doctype html><title>Page</title><script>${script}</script>`));
      made.use((req, res, next) => {
        const { origin } = req.headers;
        if (origin) res.set({ "access-control-allow-origin": origin, "access-control-allow-credentials": "true" });
        next();
      });
      made.use("/auth", auth.routes());
      made.use(auth.middleware());
      made.get("/back", (req, res) => void res.redirect(`${at(String(req.query.to))}/page`));
      made.get("/me", auth.requireLogin(), (_req, res) => void res.json({}));
      made.post("/notes", auth.requireLogin(), (_req, res) => void res.status(204).end());
      made.post("/leave", auth.requireLogin(), async (req, res) => {
        await auth.logout(req, res);
        res.status(204).end();
      });
      made.use(auth.errorHandler());
      return made;
    }

    /** What a script of the page gets: the status, or the code of a refusal. */
    const ask = (path: string, method = "GET") =>
      page.evaluate(
        async ([url, how]) => {
          const answer = await fetch(url, { method: how, credentials: "include", redirect: "manual" });
          if (answer.ok || answer.type === "opaqueredirect") return answer.ok ? `${answer.status}` : "303";
          return `${answer.status} \`${((await answer.json()) as { code: string }).code}\``;
        },
        [api + path, method] as const,
      );
    const says = (script: string) => page.evaluate<string>(script);
    const isLoggedIn = async () => (await context.cookies(api)).some(({ name }) => name === "__Host-shop");

    async function logOutBy(path: string): Promise<string> {
      const answer = await ask(path, "POST");
      return (await isLoggedIn()) ? `no: ${answer}` : "yes";
    }

    /** What comes of each row of the page's table, from a page of this host. */
    async function seenFrom(host: string, untrusted: string): Promise<string[]> {
      await page.goto(`${at(host)}/page`);
      await page.evaluate((url) => location.assign(url), `${api}/auth/login?returnTo=/back?to=${host}`);
      await choose();
      await page.waitForURL(`${at(host)}/page`);
      const seen = [
        (await isLoggedIn()) ? "yes" : "no",
        (await context.cookies(at(host))).some(({ name }) => name === "__Host-shop") ? "yes" : "no",
        await ask("/me"),
        await says(`${asked}.then((answer) => answer.json()).then(({ loggedIn }) => loggedIn ? "yes" : "no")`),
        await says(`pixy({ authPath: "${api}/auth" }).session().then((found) => found ? "yes" : "no")`),
        await ask("/notes", "POST"),
      ];
      await page.goto(`${at(untrusted)}/page`);
      seen.push(await ask("/notes", "POST"));
      await page.goto(`${at(host)}/page`);
      seen.push(await logOutBy("/auth/logout"));
      await context.addCookies([...(await withSession(options, { data: { name: "Ada" } })).cookies]);
      return [...seen, await logOutBy("/leave")];
    }

    it("docs/deployment.md says what works, and what does not", async () => {
      const pages = [
        ["api.shop", "api.shop"],
        ["app.shop", "other.shop"],
        ["app.elsewhere", "other.elsewhere"],
      ] as const;
      const columns: string[][] = [];
      for (const [host, untrusted] of pages) {
        columns.push(await seenFrom(host, untrusted));
        await context.clearCookies();
      }
      const [, table = ""] =
        /## The page and its API\n([\s\S]*?)\n## /.exec(readFileSync(`${root}docs/deployment.md`, "utf8")) ?? [];
      const rows = [...table.matchAll(/^\| (?!---)(.*) \|$/gm)]
        .slice(1)
        .map(([, row = ""]) => row.split(" | ").slice(1));
      expect(rows).toEqual(columns[0]?.map((_cell, row) => columns.map((column) => column[row])));
    });
  });
});
