import helmet from "helmet";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { logInAndOut, type PlainApp, startPlainApp } from "./plain-app.ts";

withBrowser("an app behind helmet()", () => {
  let app: PlainApp;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    app = await startPlainApp(helmet());
  });
  afterAll(() => Promise.all([browser?.close(), app?.close()]));

  it("logs in, shows the guarded page, and logs out by a form that may lead to its own origin only", async () => {
    const page = await browser.newPage();
    const start = await page.goto(`${app.url}/`);
    expect(start?.headers()["content-security-policy"]).toContain("form-action 'self'");
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await logInAndOut(page, app);
    expect(complaints.filter((text) => /Content Security Policy/i.test(text))).toEqual([]);
  });
});
