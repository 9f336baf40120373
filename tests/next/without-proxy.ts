import { type AuthorizationServer, createUserAgent, type UserAgent } from "@pixy/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { listen } from "../lib/listen.ts";

interface Running {
  readonly provider: AuthorizationServer;
  readonly providerUrl: string;
  at(path: string): string;
}

/** What holds of the example's pages where no proxy refreshes before they render: nobody is ever logged out. */
export function describeWithoutProxy(app: Running): void {
  const { provider, at } = app;
  const refreshes = () => provider.tokenRequests("refresh_token").length;

  beforeEach(() => {
    provider.reset();
    provider.configure({ expiresIn: 3600, rotation: "strict" });
  });

  /** Waits until tokens have expired that last for a second: the app has the clock of its own process. */
  async function expire({ expiresAt }: { readonly expiresAt: string }): Promise<void> {
    await expect.poll(() => Date.now(), { timeout: 30_000, interval: 20 }).toBeGreaterThan(Date.parse(expiresAt));
    provider.configure({ expiresIn: 3600 });
    provider.reset();
  }

  describe("a page without a proxy", () => {
    async function loggedIn(expiresIn = 3600): Promise<UserAgent> {
      const browser = createUserAgent();
      provider.configure({ expiresIn });
      await browser.login(at("/auth/login"), { person: "ada" });
      provider.reset();
      return browser;
    }

    async function loggedInAndExpired(): Promise<UserAgent> {
      const browser = await loggedIn(1);
      await expire((await browser.call(at("/auth/session"))).json() as { expiresAt: string });
      return browser;
    }

    it("renews a token that is over on the way over the refresh route, once for all that ask", async () => {
      const browser = await loggedInAndExpired();
      const page = await browser.navigate(at("/profile?a=1"));
      expect([page.status, page.url, refreshes()]).toEqual([200, at("/profile?a=1"), 1]);
      expect(page.hops.map(({ status }) => status)).toEqual([307, 303, 200]);
      expect(page.body).toContain("Ada Lovelace");
      expect((await browser.navigate(at("/profile"))).hops).toHaveLength(1);
      expect(provider.violations).toEqual([]);
    });

    it("renews a token that the provider ended before its time", async () => {
      const browser = await loggedIn();
      provider.revokeAccessTokens();
      const page = await browser.navigate(at("/profile"));
      expect([page.status, refreshes(), page.body.includes("Ada Lovelace")]).toEqual([200, 1, true]);
    });

    it("renews once where the API refuses each token", async () => {
      const browser = await loggedIn();
      provider.fault({ at: "api", kind: "unauthorized", times: 99 });
      for (const _ of [1, 2, 3]) await browser.navigate(at("/profile"));
      expect(refreshes()).toBeLessThanOrEqual(2);
      provider.clearFaults();
    });

    it("shows its error, after one pass, while the provider is away, and works again then", async () => {
      const browser = await loggedInAndExpired();
      provider.fault({ at: "token", kind: "status", status: 503 });
      const page = await browser.navigate(at("/profile"));
      expect([page.status, page.url, page.hops.length]).toEqual([500, at("/profile"), 3]);
      // G6: error.tsx can tell it from a bug.
      expect(page.body).toContain("pixy/provider_unavailable");
      provider.clearFaults();
      await browser.setCookie(at("/"), "pixy-next-pass=; Max-Age=0; Path=/");
      await expect
        .poll(async () => (await browser.call(at("/me"))).status, { timeout: 30_000, interval: 500 })
        .toBe(200);
      expect((await browser.navigate(at("/profile"))).status).toBe(200);
    });

    it("leads to the login, and back to where it was, whatever the client says of its path", async () => {
      const headers = { "x-pixy-path": "/somewhere-else" };
      const page = await createUserAgent().navigate(at("/profile?a=1"), { follow: false, headers });
      expect(new URL(page.headers.get("location") ?? "").search).toBe("?returnTo=%2Fshop%2Fprofile%3Fa%3D1");
    });

    it("asks whoever has just said no", async () => {
      const browser = createUserAgent();
      const page = await browser.login(at("/profile"), { person: "deny" });
      expect([page.status, new URL(page.url).search]).toEqual([401, "?returnTo=%2Fshop%2Fprofile&ask=1"]);
      expect(page.body).toContain('href="/shop/auth/login?returnTo=%2Fshop%2Fprofile"');
    });
  });

  withBrowser("a page without a proxy, in a browser", () => {
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
      expect(provider.violations).toEqual([]);
    });

    async function logInAndExpire(): Promise<void> {
      provider.configure({ expiresIn: 1 });
      await page.goto(at("/auth/login"));
      await page.waitForURL(`${app.providerUrl}/authorize?**`);
      await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      await page.waitForURL(at("**"));
      await expire(await (await context.request.get(at("/auth/session"))).json());
    }

    const shown = async () => {
      await page.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
      await page.getByText("answered 200", { exact: true }).waitFor();
      return [page.url(), refreshes()];
    };

    it("is reached by a typed address, and by a reload", async () => {
      await logInAndExpire();
      await page.goto(at("/profile?a=1"));
      expect(await shown()).toEqual([at("/profile?a=1"), 1]);
      // What is refused as soon as it was renewed is not renewed again.
      await context.clearCookies({ name: "pixy-next-pass" });
      provider.revokeAccessTokens();
      await page.reload();
      expect(await shown()).toEqual([at("/profile?a=1"), 2]);
    });

    it("is reached by a link on another site", async () => {
      await logInAndExpire();
      const other = await listen((_request, response) => {
        response.setHeader("content-type", "text/html").end(`<a href="${at("/profile")}">there</a>`);
      });
      await page.goto(other.url.replace("127.0.0.1", "localhost"));
      await page.getByRole("link", { name: "there" }).click();
      expect(await shown()).toEqual([at("/profile"), 1]);
      await other.close();
    });

    it("is reached by a <Link>, once, and the back button leads back", async () => {
      await logInAndExpire();
      await page.goto(at("/"));
      await page.getByRole("link", { name: "/profile" }).click();
      expect(await shown()).toEqual([at("/profile"), 1]);
      await page.goBack();
      await page.getByRole("heading", { name: "Hello, Ada Lovelace" }).waitFor();
      expect(page.url()).toBe(at(""));
    });

    it("is where the provider sends people back to", async () => {
      await page.goto(at("/profile"));
      await page.waitForURL(`${app.providerUrl}/authorize?**`);
      await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      expect(await shown()).toEqual([at("/profile"), 0]);
    });

    it("may be static: a script says who is there, below the base path, and what another tab has done", async () => {
      await page.goto(at("/about"));
      const says = (words: string, on = page) => on.getByRole("status").getByText(words, { exact: true }).waitFor();
      await says("Nobody is logged in.");
      const other = await context.newPage();
      await other.goto(at("/auth/login?returnTo=/about"));
      await other.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      await says("You are Ada Lovelace.", other);
      await says("You are Ada Lovelace.");
      await other.evaluate(async () => {
        await fetch("/shop/auth/logout", { method: "POST", redirect: "manual" });
        location.reload();
      });
      await says("Nobody is logged in.");
    });

    it("spends nothing ahead of a click", async () => {
      await logInAndExpire();
      const fetched = page.waitForResponse((response) => response.url().includes("/profile?_rsc="));
      await page.goto(at("/about"));
      await page.getByRole("link", { name: "/profile" }).hover();
      await fetched;
      expect(refreshes()).toBe(0);
      await page.getByRole("link", { name: "/profile" }).click();
      expect(await shown()).toEqual([at("/profile"), 1]);
    });
  });
}
