import { pixy } from "@pixy/express";
import { Scopes, spotifyAt } from "@pixy/providers/spotify";
import { createAuthorizationServer, createClock, type HttpServer, type RunningApp, serve } from "@pixy/testing";
import { build } from "esbuild";
import express, { type Express } from "express";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { listen } from "../lib/listen.ts";
import { secret } from "../lib/web-app.ts";

const hour = 3_600_000;

/** The page's script, as a bundler of an app makes it. */
async function script(): Promise<string> {
  const result = await build({
    entryPoints: [new URL("page-app.tsx", import.meta.url).pathname],
    conditions: ["@pixy/source"],
    ...{ bundle: true, write: false, format: "esm", jsx: "automatic", logLevel: "silent" },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return result.outputFiles[0]?.text ?? "";
}

withBrowser("a page in React, in front of Express", () => {
  const clock = createClock();
  const provider = createAuthorizationServer({ clock, rotation: "strict" });
  let server: HttpServer;
  let app: RunningApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const code = await script();
    server = await serve(provider, { host: "localhost" });
    let handler: Express | undefined;
    app = await listen((request, response) => handler?.(request, response));
    const auth = pixy({
      provider: spotifyAt(server.url),
      ...{ clientId: "client-of-the-app", baseUrl: app.url, secret, scope: [Scopes.UserReadPrivate], now: clock.now },
      publicData: true,
      onEvent: () => {},
    });
    handler = express();
    handler.get(
      "/",
      (_req, res) =>
        void res.send('<!doctype html><title>Page</title><body><script type="module" src="/page.js"></script>'),
    );
    handler.get("/page.js", (_req, res) => void res.type("js").send(code));
    handler.use("/auth", auth.routes());
    handler.use(auth.middleware());
    handler.get(
      "/me",
      auth.requireLogin(),
      async (_req, res) => void res.json(await (await res.locals.auth.fetch("/v1/me")).json()),
    );
    handler.get("/playlists", auth.requireScope(Scopes.PlaylistReadPrivate), (_req, res) => void res.json({}));
    handler.use(auth.errorHandler());
    browser = await launchBrowser();
  });
  afterAll(() => Promise.all([browser?.close(), app?.close(), server?.close()]));

  beforeEach(async () => {
    provider.reset();
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    expect(provider.violations).toEqual([]);
  });

  const shows = (words: string, on = page) => on.getByRole("status").getByText(words, { exact: true }).waitFor();
  const click = (name: string, on = page) => on.getByRole("button", { name, exact: true }).click();
  const titled = (title: string) => page.waitForFunction((wanted) => document.title === wanted, title);

  async function choose(): Promise<void> {
    await page.waitForURL(`${server.url}/authorize?**`);
    await click("Log in as Ada Lovelace");
    await page.waitForURL(`${app.url}/**`);
  }

  async function logIn(path = "/"): Promise<void> {
    await page.goto(app.url + path);
    await shows("loggedOut nobody");
    await click("Log in");
    await choose();
    await shows("loggedIn Ada Lovelace");
  }

  it("shows who is there after a login, which leads back to it, and after a refresh", async () => {
    await logIn("/?a=b%20c&flag&path=C:\\x&auth_error=access_denied#part");
    // As it was asked for, without what an earlier login said.
    expect(page.url()).toBe(`${app.url}/?a=b%20c&flag&path=C:%5Cx#part`);
    clock.advance(hour);
    await click("Ask");
    await titled("/me 200");
    await page.reload();
    await shows("loggedIn Ada Lovelace");
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    expect(await page.evaluate(async () => (await fetch("/auth/session")).text())).not.toMatch(
      /access-|refresh-|"raw"|email/,
    );
  });

  it("shows the end of a session that another tab ended, and a login of another tab, without waiting", async () => {
    await context.clock.install();
    await logIn();
    const other = await context.newPage();
    await other.goto(app.url);
    await shows("loggedIn Ada Lovelace", other);
    // No timer of a page runs any more: what one tab shows of the other comes by events alone.
    await context.clock.pauseAt(Date.now() + hour);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    // The first tab gets no focus: it hears of it.
    await click("Log out", other);
    await shows("loggedOut nobody", other);
    await shows("loggedOut nobody");
    // The tabs have been to the server and back in turn: whatever they had to say to each other has been heard.
    for (const tab of [other, page, other, page]) await tab.evaluate(() => fetch("/page.js"));
    expect(asked).toEqual(["/auth/session", "/page.js", "/page.js"]);
    await click("Log in");
    await choose();
    await shows("loggedIn Ada Lovelace", other);
  });

  it("leaves for the login where somebody clicked, and only tells where nobody did", async () => {
    await logIn();
    await context.clearCookies();
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await shows("loggedOut nobody");
    // Playwright's own looks at a page count as a person's acts, so this page asks by itself.
    const quiet = await context.newPage();
    const answered = quiet.waitForResponse((response) => response.url() === `${app.url}/me?unasked`);
    await quiet.goto(`${app.url}/#asks`);
    expect((await answered).status()).toBe(401);
    await shows("loggedOut nobody", quiet);
    expect(quiet.url()).toBe(`${app.url}/#asks`);
    await click("Ask");
    await choose();
    expect(page.url()).toBe(`${app.url}/`);
    await shows("loggedIn Ada Lovelace");
  });

  it("goes where a missing permission is asked for", async () => {
    await logIn();
    await click("Playlists");
    await page.waitForURL(`${server.url}/authorize?**`);
    expect(new URL(page.url()).searchParams.get("scope")).toContain(Scopes.PlaylistReadPrivate);
  });

  it("keeps what it knew while the server cannot say, and looks again when the window gets the focus", async () => {
    await logIn();
    await context.route("**/auth/session", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await shows("unavailable Ada Lovelace");
    await context.unroute("**/auth/session");
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    await shows("loggedIn Ada Lovelace");
  });
});
