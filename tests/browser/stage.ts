import { type AuthorizationServer, createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { type ExampleName, type ExampleProcess, startExample } from "../lib/example-process.ts";

export interface SessionAnswer {
  readonly loggedIn: boolean;
  readonly scope: readonly string[];
  readonly expiresAt: string;
}

/** An example, a provider on another site than the example's, and one person's browser. */
export interface Stage {
  readonly example: ExampleName;
  readonly provider: AuthorizationServer;
  /** `http://localhost:PORT`, which no cookie of the app reaches. */
  readonly providerUrl: string;
  /** `http://127.0.0.1:PORT`. */
  readonly appUrl: string;
  /** The person's browser in this test: its cookies are new. */
  readonly context: BrowserContext;
  at(path: string): string;
  /** Opens another browser, with its own cookies, that is closed after the test. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** Puts an example on a stage that its tests share; each test gets cookies of its own, and must break no rule of the provider. */
export function describeStage(example: ExampleName, tests: (stage: Stage) => void): void {
  withBrowser("on a stage", () => {
    const provider = createAuthorizationServer();
    const contexts: BrowserContext[] = [];
    let server: HttpServer;
    let app: ExampleProcess;
    let browser: Browser;
    let context: BrowserContext;

    async function open(options: BrowserContextOptions = {}): Promise<BrowserContext> {
      const opened = await browser.newContext(options);
      contexts.push(opened);
      return opened;
    }

    beforeAll(async () => {
      server = await serve(provider, { host: "localhost" });
      [app, browser] = await Promise.all([startExample(example, { PROVIDER_URL: server.url }), launchBrowser()]);
    });

    afterAll(async () => {
      await Promise.all([browser?.close(), app?.stop(), server?.close()]);
    });

    beforeEach(async () => {
      provider.reset();
      provider.configure({ expiresIn: 3600, rotation: "omit" });
      context = await open();
    });

    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((opened) => opened.close()));
      expect(provider.violations).toEqual([]);
    });

    tests({
      example,
      provider,
      open,
      at: (path) => `${app.url}${path}`,
      get providerUrl() {
        return server.url;
      },
      get appUrl() {
        return app.url;
      },
      get context() {
        return context;
      },
    });
  });
}

export type Choice = "Log in as Ada Lovelace" | "Log in as Grace Hopper" | "Deny";

/** Clicks a button of the provider's login page and waits until the app has the person back. */
export async function choose(stage: Stage, page: Page, choice: Choice = "Log in as Ada Lovelace"): Promise<void> {
  await page.waitForURL(`${stage.providerUrl}/authorize?**`);
  await page.getByRole("button", { name: choice, exact: true }).click();
  await page.waitForURL(`${stage.appUrl}/**`);
}

/** Logs in by the link on the start page; ends on the start page. */
export async function logIn(stage: Stage, choice?: Choice): Promise<Page> {
  const page = await stage.context.newPage();
  await page.goto(stage.at("/"));
  await page.getByRole("link", { name: /log in/i }).click();
  await choose(stage, page, choice);
  return page;
}

/** Logs in without any page: for tests that are about something else. */
export async function signIn(stage: Stage): Promise<void> {
  const { request } = stage.context;
  const start = await request.get(stage.at("/auth/login"), { maxRedirects: 0 });
  const callback = await stage.provider.authorize(start.headers().location ?? "", { person: "ada" });
  expect((await request.get(callback, { maxRedirects: 0 })).status()).toBe(303);
}

/** Clicks the button of the form that logs out; ends on the start page, signed out. */
export async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("link", { name: /log in/i }).waitFor();
}

/** What the app says of this browser's session, asked from outside any page. */
export async function sessionOf(stage: Stage, context: BrowserContext = stage.context): Promise<SessionAnswer> {
  return (await context.request.get(stage.at("/auth/session"))).json();
}

/** The names of the app's cookies in this browser. */
export async function cookieNames(stage: Stage, context: BrowserContext = stage.context): Promise<string[]> {
  return (await context.cookies(stage.at("/"))).map((cookie) => cookie.name);
}
