import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { readFocus, readPage, tabTo } from "./page-facts.ts";
import { choose, type Stage } from "./stage.ts";

const fine = { language: "en", headings: 1, landmarks: 1, nameless: [], overflow: 0, faint: [] };

const looks: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ["a wide window, light", { viewport: { width: 1280, height: 800 }, colorScheme: "light" }],
  ["a window of 320 pixels, dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
];

export function describeAccessibility(stage: Stage): void {
  describe("pages", () => {
    it.each(looks)("can be read and used in %s", async (_name, options) => {
      const context = await stage.open(options);
      const page = await context.newPage();
      const check = async (of: Page): Promise<void> => {
        const facts = await readPage(of);
        expect({ url: of.url(), ...facts }).toEqual({ ...fine, url: of.url(), title: expect.stringMatching(/\w/) });
        const { width = 0 } = options.viewport ?? {};
        expect(await of.evaluate("innerWidth")).toBe(width);
      };

      await page.goto(stage.at("/"));
      await check(page);
      await page.goto(stage.at("/?auth_error=access_denied"));
      await check(page);
      await page.goto(stage.at(`/auth/callback?code=made-up&state=${"A".repeat(43)}`));
      await check(page);
      await page.goto(stage.at("/me"));
      await check(page);
      await choose(stage, page);
      await page.goto(stage.at("/"));
      await check(page);
      expect(await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)).toBe(
        options.colorScheme === "dark",
      );
      const [red = 0] =
        (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g) ?? [];
      expect(Number(red) < 128).toBe(options.colorScheme === "dark");
    });

    it("need no mouse: the keyboard logs in and out, and one sees where it is", async () => {
      const page = await stage.context.newPage();
      await page.goto(stage.at("/"));
      expect((await tabTo(page, /log in/i)).isVisible).toBe(true);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${stage.providerUrl}/authorize?**`);
      expect((await tabTo(page, /Grace Hopper/)).isVisible).toBe(true);
      await page.keyboard.press("Enter");
      await page.waitForURL(stage.at("/"));
      expect((await tabTo(page, /playlists/)).isVisible).toBe(true);
      expect((await tabTo(page, /Log out/)).isVisible).toBe(true);
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: /log in/i }).waitFor();
    });

    it("show where the keyboard is on the page of an error too", async () => {
      const page = await stage.context.newPage();
      await page.goto(stage.at(`/auth/callback?code=made-up&state=${"A".repeat(43)}`));
      for (const name of [/^Log in$/, /start page/]) {
        await page.keyboard.press("Tab");
        const focus = await readFocus(page);
        expect([focus.name, focus.isVisible]).toEqual([expect.stringMatching(name), true]);
      }
    });
  });
}
