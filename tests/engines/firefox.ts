import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { clickable, type Engine } from "./engine.ts";

const installed = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** `$FIREFOX_PATH`, else one that the system has installed. */
export function findFirefox(): string | undefined {
  return process.env.FIREFOX_PATH || installed.find((candidate) => existsSync(candidate));
}

/** Starts Firefox without a window, driven over WebDriver BiDi. */
export async function launchFirefox(): Promise<Engine> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error("There is no Firefox: set FIREFOX_PATH, or install firefox-esr.");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    timeout: 120_000,
    acceptInsecureCerts: true,
  });
  return {
    close: () => browser.close(),
    async open() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        click: (text) => page.locator(`::-p-xpath(${clickable(text)})`).click(),
        back: async () => void (await page.goBack()),
        url: async () => page.evaluate(() => location.href),
        evaluate: async <Value>(expression: string) => (await page.evaluate(expression)) as Value,
        cookieNames: async () => (await page.cookies()).map(({ name }) => name),
        close: () => context.close(),
      };
    },
  };
}
