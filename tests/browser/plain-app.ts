import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import type { PixyEvent, PixyOptions } from "@pixy/server";
import { createAuthorizationServer, serve } from "@pixy/testing";
import express, { type Express, type RequestHandler } from "express";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { listen } from "../lib/listen.ts";
import { secret } from "../lib/web-app.ts";

/** A start page with a form that logs out, and a page behind the login. */
export interface PlainApp {
  readonly url: string;
  /** What each request was for the browser, such as `GET /me navigate document`. */
  readonly seen: readonly string[];
  /** What the login has told. */
  readonly events: readonly PixyEvent[];
  close(): Promise<void>;
}

/** Starts a provider on another site and the smallest Express app; `before` is what the app has in front of everything. */
export async function startPlainApp(
  before: RequestHandler,
  options: Pick<PixyOptions<undefined>, "afterLogout"> = {},
): Promise<PlainApp> {
  const provider = createAuthorizationServer();
  const providerServer = await serve(provider, { host: "localhost" });
  const seen: string[] = [];
  const events: PixyEvent[] = [];
  let app: Express | undefined;
  const server = await listen((request, response) => app?.(request, response));
  const auth = pixy({
    provider: spotifyAt(providerServer.url),
    clientId: "client-of-the-app",
    baseUrl: server.url,
    secret,
    onEvent: (event) => events.push(event),
    ...options,
  });
  app = express();
  app.use((req, _res, next) => {
    seen.push(`${req.method} ${req.path} ${req.get("sec-fetch-mode")} ${req.get("sec-fetch-dest")}`);
    next();
  });
  app.use(before);
  app.use("/auth", auth.routes());
  app.use(auth.middleware());
  app.get("/", async (req, res) => {
    const who = (await auth.of(req).session()) ? "in" : "out";
    res.send(`<!doctype html><title>Start</title><h1>Logged ${who}</h1><a href="/me">Me</a>
      <form method="post" action="/auth/logout"><button>Log out</button></form>`);
  });
  app.get("/me", auth.requireLogin(), async (_req, res) => {
    res.json(await (await res.locals.auth.fetch("/v1/me")).json());
  });
  app.use(auth.errorHandler());
  return {
    url: server.url,
    seen,
    events,
    async close() {
      await Promise.all([server.close(), providerServer.close()]);
      expect(provider.violations).toEqual([]);
    },
  };
}

/** Follows the link to the page behind the login, logs in, looks at the page, goes back to the start page and logs out. */
export async function logInAndOut(page: Page, { url }: PlainApp): Promise<void> {
  await page.getByRole("link", { name: "Me" }).click();
  await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
  await page.waitForURL(`${url}/me`);
  expect(await page.locator("body").textContent()).toContain("Ada Lovelace");
  await page.goto(`${url}/`);
  expect(await page.getByRole("heading").textContent()).toBe("Logged in");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Logged out" }).waitFor();
  expect(await page.context().cookies(url)).toEqual([]);
}
