import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { useStage } from "./stage.ts";

interface NextWindow {
  readonly next: { readonly router: { prefetch(path: string): void; push(path: string): void } };
}

withBrowser("Next in a browser", () => {
  describe("on a production build", { timeout: 60_000 }, () => {
    const stage = useStage();
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
    });
    afterEach(async () => {
      await context.close();
      expect(stage.provider.violations).toEqual([]);
    });

    async function choose(): Promise<void> {
      await page.waitForURL(`${stage.providerUrl}/authorize?**`);
      await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      await page.waitForURL(stage.at("/**"));
    }

    async function logIn(): Promise<void> {
      await page.goto(stage.at("/auth/login"));
      await choose();
    }

    async function logInAndExpire(): Promise<void> {
      stage.provider.configure({ expiresIn: 1 });
      await logIn();
      const { expiresAt } = await (await context.request.get(stage.at("/auth/session"))).json();
      await stage.expiry(expiresAt);
      stage.provider.configure({ expiresIn: 3600 });
      stage.provider.reset();
    }

    async function sessionCookie(): Promise<string | undefined> {
      const cookies = await context.cookies(stage.at("/"));
      return cookies.find(({ name }) => name === "pixy-next")?.value;
    }

    const scriptAnswered = () => page.getByText("answered 200", { exact: true }).waitFor();

    it("refreshes once for proxy, layout, page, component and route of one navigation", async () => {
      await logInAndExpire();
      const before = await sessionCookie();
      await page.goto(stage.at("/profile"));
      await scriptAnswered();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Ada Lovelace");
      expect(stage.refreshes()).toBe(1);
      expect(await sessionCookie()).not.toBe(before);
      await page.reload();
      await scriptAnswered();
      expect(stage.refreshes()).toBe(1);
    });

    it("refreshes once when a link is clicked", async () => {
      await logInAndExpire();
      await page.goto(stage.at("/"));
      await page.getByRole("link", { name: "/profile" }).click();
      await scriptAnswered();
      expect(stage.refreshes()).toBe(1);
    });

    it("refreshes once for a Server Action", async () => {
      stage.provider.configure({ expiresIn: 1 });
      await logIn();
      await page.goto(stage.at("/profile"));
      await scriptAnswered();
      const { expiresAt } = await (await context.request.get(stage.at("/auth/session"))).json();
      await stage.expiry(expiresAt);
      stage.provider.configure({ expiresIn: 3600 });
      stage.provider.reset();
      await page.getByRole("button", { name: "Ask the provider again" }).click();
      await page.getByText("The provider still knows you as Ada Lovelace.").waitFor();
      await page.reload();
      await scriptAnswered();
      expect(stage.refreshes()).toBe(1);
    });

    it("logs out by a Server Action", async () => {
      await logIn();
      await page.goto(stage.at("/profile"));
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("link", { name: "Log in with Spotify" }).waitFor();
      expect(await sessionCookie()).toBeUndefined();
    });

    it("asks for one more scope by a Server Action, and comes back", async () => {
      await logIn();
      await page.goto(stage.at("/profile"));
      const sent = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Allow playlists" }).click();
      // It gives this browser a login cookie, though nobody asked who is there: no cache keeps it.
      expect((await (await sent).allHeaders())["cache-control"]).toMatch(/private.*no-store/);
      await choose();
      expect(page.url()).toBe(stage.at("/profile"));
      const { scope } = await (await context.request.get(stage.at("/auth/session"))).json();
      expect(scope).toContain("playlist-read-private");
    });

    it("sends an action of somebody who is no longer logged in to the login, and back", async () => {
      await logIn();
      await page.goto(stage.at("/profile"));
      await context.clearCookies({ name: "pixy-next" });
      await page.getByRole("button", { name: "Ask the provider again" }).click();
      await choose();
      expect(page.url()).toBe(stage.at("/profile"));
    });

    it("changes nothing by hovering and prefetching, signed out or in", async () => {
      for (const state of ["signed out", "signed in"]) {
        if (state === "signed in") await logInAndExpire();
        const answered = new Set<string>();
        page.on("response", (response) => {
          if (response.url().includes("_rsc=")) answered.add(new URL(response.url()).pathname);
        });
        await page.goto(stage.at("/"));
        const before = await context.cookies();
        for (const link of await page.getByRole("link").all()) await link.hover();
        await page.evaluate(() => {
          const { router } = (window as unknown as NextWindow).next;
          for (const path of ["/auth/login", "/auth/logout", "/profile", "/me"]) router.prefetch(path);
        });
        const paths = ["/auth/login", "/auth/logout", "/auth/session", "/profile", "/me", "/about"];
        await expect.poll(() => [...answered], { timeout: 30_000 }).toEqual(expect.arrayContaining(paths));
        page.removeAllListeners("response");
        expect(await context.cookies()).toEqual(before);
        expect(stage.provider.requests.filter(({ kind }) => kind === "token" || kind === "authorize")).toEqual([]);
      }
      expect(await stage.isLoggedIn(stage.browser)).toBe(false);
      expect(await (await context.request.get(stage.at("/auth/session"))).json()).toMatchObject({ loggedIn: true });
    });

    it("reaches the provider by a click on a page that needs a login, and comes back", async () => {
      await page.goto(stage.at("/"));
      await page.getByRole("link", { name: "/profile" }).hover();
      await page.getByRole("link", { name: "/profile" }).click();
      await choose();
      expect(page.url()).toBe(stage.at("/profile"));
    });
  });
});
