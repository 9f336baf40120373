import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import express from "express";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../tools/lib/port.ts";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { secret } from "../lib/web-app.ts";
import { readPage, tabTo } from "./page-facts.ts";

const keys = ["alpha", "beta", "gamma"] as const;
type Key = (typeof keys)[number];

interface Provider {
  readonly server: AuthorizationServer;
  readonly http: HttpServer;
}

/** An app with three providers, each on a site of its own, and one session. */
async function startApp() {
  const providers = {} as Record<Key, Provider>;
  for (const key of keys) {
    const server = createAuthorizationServer();
    providers[key] = { server, http: await serve(server, { host: "localhost" }) };
  }
  const way = (key: Key) => ({
    provider: spotifyAt(providers[key].http.url),
    clientId: `client-of-${key}`,
    label: `Provider ${key}`,
    scope: ["user-read-private"],
  });
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const auth = pixy({
    ...{ baseUrl, secret, providers: { alpha: way("alpha"), beta: way("beta"), gamma: way("gamma") } },
    onLogin: async (login) => ({
      name: ((await (await login.fetch("/v1/me")).json()) as { display_name: string }).display_name,
    }),
  });
  const app = express();
  app.use("/auth", auth.routes());
  app.use(auth.middleware());
  app.get("/", async (req, res) => {
    const session = await auth.of(req).session();
    const text = session === null ? "Nobody" : `${session.data.name} of ${session.provider}`;
    const form = '<form method="post" action="/auth/logout"><button>Log out</button></form>';
    res.send(
      `<!doctype html><html lang="en"><title>App</title><h1>${text}</h1><a href="/auth/login">Log in</a>${form}`,
    );
  });
  app.get("/me", auth.requireLogin(), async (_req, res) => {
    res.json(await (await res.locals.auth.fetch("/v1/me")).json());
  });
  app.get("/playlists", auth.requireScope("playlist-read-private"), async (_req, res) => {
    res.json(await (await res.locals.auth.fetch("/v1/me/playlists")).json());
  });
  app.use(auth.errorHandler());
  const listener = await listenAt(app, baseUrl);
  return {
    providers,
    url: baseUrl,
    close: () => Promise.all([listener.close(), ...keys.map((key) => providers[key].http.close())]),
  };
}

async function listenAt(app: express.Express, baseUrl: string): Promise<{ close(): Promise<void> }> {
  const server = app.listen(Number(new URL(baseUrl).port), "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

withBrowser("an app with three providers", () => {
  let app: Awaited<ReturnType<typeof startApp>>;
  let browser: Browser;

  beforeAll(async () => {
    [app, browser] = await Promise.all([startApp(), launchBrowser()]);
  });
  afterAll(() => Promise.all([browser?.close(), app?.close()]));

  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

  async function agree(page: Page, key: Key): Promise<void> {
    await page.waitForURL(`${app.providers[key].http.url}/authorize?**`);
    await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
    await page.waitForURL(`${app.url}/**`);
  }

  it.each(keys)("logs in at %s from the page to choose, refreshes, steps up and logs out there", async (key) => {
    const { server } = app.providers[key];
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${app.url}/`);
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByRole("link", { name: `Log in with Provider ${key}` }).click();
    await agree(page, key);
    expect([page.url(), await heading(page)]).toEqual([`${app.url}/`, `Ada Lovelace of ${key}`]);

    server.revokeAccessTokens();
    expect(await (await page.goto(`${app.url}/me`))?.json()).toMatchObject({ display_name: "Ada Lovelace" });
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);

    await page.goto(`${app.url}/playlists`);
    await agree(page, key);
    expect(page.url()).toBe(`${app.url}/playlists`);

    // Dead at the provider: the way back leads to the same one, and past the page to choose.
    server.revokeGrants();
    await page.goto(`${app.url}/me`);
    await agree(page, key);
    expect(page.url()).toBe(`${app.url}/me`);

    await page.goto(`${app.url}/`);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Nobody");
    expect(await page.context().cookies()).toEqual([]);
    for (const other of keys) expect(app.providers[other].server.violations).toEqual([]);
    await page.context().close();
  });

  it("changes from one to another: one session, the newer", async () => {
    const page = await (await browser.newContext()).newPage();
    for (const key of ["alpha", "beta"] as const) {
      await page.goto(`${app.url}/auth/login?provider=${key}`);
      await agree(page, key);
      expect(await heading(page)).toBe(`Ada Lovelace of ${key}`);
    }
    await page.context().close();
  });

  describe("the page to choose", () => {
    it.each([
      ["a wide window, light", { width: 1280, height: 800 }, "light"],
      ["a window of 320 pixels, dark", { width: 320, height: 640 }, "dark"],
    ] as const)("can be read and used in %s", async (_name, viewport, colorScheme) => {
      const page = await (await browser.newContext({ viewport, colorScheme })).newPage();
      await page.goto(`${app.url}/auth/login`);
      expect(await readPage(page)).toEqual({
        ...{ title: "Log in", language: "en", headings: 1, landmarks: 1, nameless: [], overflow: 0, faint: [] },
      });
      const [red = 0] =
        (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g) ?? [];
      expect(Number(red) < 128).toBe(colorScheme === "dark");
      await page.context().close();
    });

    it("needs no mouse, and leads back to where the person was going", async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${app.url}/me?x=1`);
      expect((await tabTo(page, /Provider beta/)).isVisible).toBe(true);
      await page.keyboard.press("Enter");
      await agree(page, "beta");
      expect(page.url()).toBe(`${app.url}/me?x=1`);
      await page.context().close();
    });
  });
});
