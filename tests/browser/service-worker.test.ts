import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { logInAndOut, type PlainApp, startPlainApp } from "./plain-app.ts";

const worker = `
  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("fetch", (event) => event.respondWith(fetch(event.request)));`;

withBrowser("a service worker that passes requests through", () => {
  let app: PlainApp;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    app = await startPlainApp((req, res, next) => {
      if (req.path === "/worker.js") res.type("js").send(worker);
      else next();
    });
  });
  afterAll(() => Promise.all([browser?.close(), app?.close()]));

  it("E1 passes the guarded page, the login, the callback and the logout through as pages", async () => {
    const page = await browser.newPage();
    await page.goto(`${app.url}/`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
    });
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
    await logInAndOut(page, app);
    await page.goto(`${app.url}/auth/login`);
    await page.getByRole("button", { name: "Deny" }).waitFor();
    // The worker was in between: a browser alone says "document".
    for (const request of ["GET /me", "GET /auth/callback", "POST /auth/logout", "GET /auth/login"]) {
      expect(app.seen).toContain(`${request} navigate empty`);
    }
  });
});
