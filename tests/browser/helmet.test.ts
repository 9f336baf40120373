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

  it("E3 stops a logout that leads behind the guard, and the set-up is told", async () => {
    const guarded = await startPlainApp(helmet(), { afterLogout: "/me" });
    try {
      const page = await browser.newPage();
      await page.goto(`${guarded.url}/me`);
      await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      await page.waitForURL(`${guarded.url}/me`);
      await page.goto(`${guarded.url}/`);
      const complaint = page.waitForEvent("console", (message) => /form-action/.test(message.text()));
      await page.getByRole("button", { name: "Log out" }).click();
      await complaint;
      // The person still sees the page of before, although the session has ended.
      expect(await page.getByRole("heading").textContent()).toBe("Logged in");
      expect(guarded.events).toContainEqual(expect.objectContaining({ type: "session.ended", reason: "logout" }));
      const warnings = guarded.events.filter(({ type }) => type === "set-up.warning");
      expect(warnings).toEqual([expect.objectContaining({ code: "after_logout_guarded" })]);
    } finally {
      await guarded.close();
    }
  });
});
