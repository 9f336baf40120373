import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { type AuthorizationServer, createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import express from "express";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../tools/lib/port.ts";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { secret } from "../lib/web-app.ts";

withBrowser("in a browser: a callback that the provider posts from another site", () => {
  let [provider, close, url]: [AuthorizationServer, () => Promise<unknown>, string] = [] as never;
  let browser: Browser;

  beforeAll(async () => {
    provider = createAuthorizationServer();
    const http: HttpServer = await serve(provider, { host: "localhost" });
    url = `http://127.0.0.1:${await freePort()}`;
    const auth = pixy({
      provider: { ...spotifyAt(http.url), responseMode: "form_post" },
      ...{ clientId: "client-of-the-app", baseUrl: url, secret, scope: ["user-read-private"] },
    });
    const app = express();
    app.use("/auth", auth.routes());
    app.get("/me", auth.requireLogin(), async (_req, res) => {
      res.json(await (await res.locals.auth.fetch("/v1/me")).json());
    });
    // Guarded once more: the redirects behind our form lead to the provider.
    app.get("/playlists", auth.requireScope("playlist-read-private"), async (_req, res) => {
      res.json(await (await res.locals.auth.fetch("/v1/me/playlists")).json());
    });
    const server = app.listen(Number(new URL(url).port), "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    close = () => {
      server.closeAllConnections();
      return Promise.all([new Promise((resolve) => server.close(resolve)), http.close()]);
    };
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), close?.()]);
  });

  it.each([
    ["by itself", true],
    ["by a button where no script runs", false],
  ])("is posted again %s, and logs in", async (_how, javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    const posts: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().startsWith(url)) posts.push(request.url().slice(url.length));
    });
    await page.goto(`${url}/me`);
    await page.getByRole("button", { name: /Ada/ }).click();
    const before = provider.tokenRequests().length;
    await page.getByRole("button", { name: "Go on" }).click();
    if (!javaScriptEnabled) {
      await page.waitForURL(`${url}/auth/callback`);
      expect(provider.tokenRequests()).toHaveLength(before);
      await page.getByRole("button", { name: "Go on" }).click();
    }
    await page.waitForURL(`${url}/me`);
    expect(await page.locator("body").textContent()).toContain("Ada Lovelace");
    expect(posts).toEqual(["/auth/callback", "/auth/callback?reposted=1"]);
    expect(provider.tokenRequests()).toHaveLength(before + 1);
    // The answer to our form leads to the app, and from there to the provider once more.
    await page.goto(`${url}/auth/login?returnTo=/playlists`);
    await page.getByRole("button", { name: /Ada/ }).click();
    await page.getByRole("button", { name: "Go on" }).click();
    if (!javaScriptEnabled) {
      await page.waitForURL(`${url}/auth/callback`);
      await page.getByRole("button", { name: "Go on" }).click();
    }
    await page.waitForURL(/^http:\/\/localhost:\d+\/authorize/);
    expect(await page.locator("body").textContent()).toContain("playlist-read-private");
    await context.close();
  });
});
