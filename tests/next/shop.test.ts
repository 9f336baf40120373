import { readFile } from "node:fs/promises";
import { createAuthorizationServer, createUserAgent, type HttpServer, serve, type UserAgent } from "@pixy/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, withBrowser } from "../lib/browser.ts";
import { type Shop, startShop } from "./shop.ts";

describe("an app with cacheComponents, partialPrefetching, trailingSlash and a base path", { timeout: 60_000 }, () => {
  const provider = createAuthorizationServer();
  let server: HttpServer;
  let shop: Shop;

  beforeAll(async () => {
    server = await serve(provider, { host: "localhost" });
    shop = await startShop({ PROVIDER_URL: server.url, PROVIDER_ROTATION: "rotating" });
  });
  afterAll(async () => {
    await shop?.stop();
    await server?.close();
  });
  beforeEach(() => {
    provider.reset();
    provider.configure({ expiresIn: 3600, rotation: "strict" });
  });
  afterEach(() => expect(provider.violations).toEqual([]));

  const at = (path: string) => `${shop.url}${path}`;
  const refreshes = () => provider.tokenRequests("refresh_token").length;
  const shownIn = (body: string) => /<output[^>]*>([^<]*)<\/output>/.exec(body)?.[1];

  async function loggedIn(person: "ada" | "grace" = "ada"): Promise<UserAgent> {
    const browser = createUserAgent();
    await browser.login(at("/auth/login/?returnTo=/shop/me/"), { person });
    provider.reset();
    return browser;
  }

  it("is built without a warning", async () => {
    const log = await readFile(new URL("shop-app/.turbo/turbo-build.log", import.meta.url), "utf8");
    expect(log).toContain("Partial Prefetching enabled");
    // Of a machine that builds every app for the first time, as CI does.
    const said = log.replace(/^.*No build cache found.*$/gm, "");
    expect(said).not.toMatch(/warn|⚠|pixy:/i);
  });

  it("finds our routes behind the redirect to a final slash", async () => {
    const browser = createUserAgent();
    const page = await browser.login(at("/auth/login?returnTo=/shop/profile/"), { person: "ada" });
    expect([page.status, page.url, shownIn(page.body)]).toEqual([200, at("/profile/"), "Ada Lovelace"]);
    expect(browser.hops.filter(({ status }) => status === 308).map(({ url }) => new URL(url).pathname)).toEqual([
      "/shop/auth/login",
      "/shop/auth/callback",
    ]);
    expect((await browser.call(at("/auth/session"))).json()).toMatchObject({ loggedIn: true });
    const out = await browser.submit(at("/auth/logout"));
    expect([out.status, out.url]).toEqual([200, at("/")]);
    expect((await browser.call(at("/auth/session/"))).json()).toEqual({ loggedIn: false });
  });

  it("leads to the login by a real redirect where auth.protect names the path", async () => {
    for (const path of ["/account/", "/de/account/?a=1"]) {
      const page = await createUserAgent().navigate(at(path), { follow: false });
      const returnTo = encodeURIComponent(`/shop${path}`);
      expect([page.status, page.headers.get("location")]).toEqual([
        307,
        expect.stringMatching(`/shop/auth/login\\?returnTo=${returnTo}$`),
      ]);
    }
    const page = await (await loggedIn()).navigate(at("/account/"));
    expect([page.status, shownIn(page.body)]).toEqual([200, "Ada Lovelace"]);
  });

  it("comes back to the path that was asked for, whatever it was rewritten to", async () => {
    for (const path of ["/profile/?a=1", "/konto/", "/de/profile/?a=1"]) {
      const { body } = await createUserAgent().navigate(at(path), { headers: { "x-pixy-path": "/somewhere-else" } });
      const [, returnTo = ""] = /auth\/login\?returnTo=([^;"&]*)/.exec(body) ?? [];
      expect(decodeURIComponent(returnTo)).toBe(`/shop${path}`);
    }
    const page = await (await loggedIn()).navigate(at("/de/profile/"));
    expect(page.body).toContain('<output lang="de">Ada Lovelace</output>');
  });

  it("keeps what is cached for one person from everybody else", async () => {
    const [ada, grace] = [await loggedIn(), await loggedIn("grace")];
    const ask = async (browser: UserAgent) => shownIn((await browser.navigate(at("/lists/"))).body);
    const [own, hers] = [await ask(ada), await ask(grace)];
    expect([own, hers]).toEqual([expect.stringMatching(/^ada\S* \d+$/), expect.stringMatching(/^grace\S* \d+$/)]);
    for (const path of ["/", "/profile/", "/account/", "/lists/"]) {
      const page = await ada.navigate(at(path));
      expect([path, page.body.includes("Ada Lovelace") || page.body.includes(own ?? "?")]).toEqual([path, true]);
      expect(page.headers.get("cache-control")).toMatch(/private.*no-store/);
      const stranger = await createUserAgent().navigate(at(path), { follow: false });
      expect([path, /Ada Lovelace|ada-\w+ \d/.test(stranger.body)]).toEqual([path, false]);
    }
    expect([await ask(ada), await ask(grace), await ask(ada)]).toEqual([own, hers, own]);
  });

  it("answers 503 for a path that auth.protect names while the provider is away", async () => {
    provider.configure({ expiresIn: 1 });
    const browser = await loggedIn();
    const { expiresAt } = (await browser.call(at("/auth/session/"))).json() as { expiresAt: string };
    await expect.poll(() => Date.now(), { timeout: 30_000, interval: 20 }).toBeGreaterThan(Date.parse(expiresAt));
    provider.fault({ at: "token", kind: "status", status: 503 });
    const page = await browser.navigate(at("/account/"));
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(page.headers.get("cache-control")).toMatch(/private.*no-store/);
    expect((await browser.call(at("/auth/session/"))).json()).toMatchObject({ loggedIn: true });
    provider.clearFaults();
  });

  it("says what was mistaken", async () => {
    const browser = await loggedIn();
    const legacy = await browser.call(at("/api/legacy/"));
    expect([legacy.status, shop.output()]).toEqual([500, expect.stringContaining("pages_router")]);
    const nothing = await browser.call(at("/nothing/"));
    expect([nothing.status, shop.output()]).toEqual([500, expect.stringContaining("no_answer")]);
  });

  withBrowser("in a browser", () => {
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    /** What its pages have told a developer. */
    let told: string[];

    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      told = [];
      context = await browser.newContext();
      page = await open(context);
    });
    afterEach(async () => {
      await context.close();
      expect(told).toEqual([]);
    });

    async function open(of: BrowserContext): Promise<Page> {
      const opened = await of.newPage();
      opened.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) told.push(message.text());
      });
      opened.on("pageerror", ({ message }) => void told.push(message));
      return opened;
    }

    async function choose(on = page, button = "Log in as Ada Lovelace"): Promise<void> {
      await on.waitForURL(`${server.url}/authorize?**`);
      await on.getByRole("button", { name: button }).click();
    }

    async function logIn(on = page, name = "Ada Lovelace"): Promise<void> {
      await on.goto(at("/"));
      await on.getByRole("link", { name: "/auth/login" }).click();
      await choose(on, `Log in as ${name}`);
      await on.getByRole("status").getByText(`You are ${name}.`).waitFor();
      provider.reset();
    }

    const shown = (text: string, on = page) => on.locator("output").getByText(text, { exact: true }).waitFor();

    it("renews a token that the provider ended before its time, after a reload and after a click", async () => {
      await logIn();
      provider.revokeAccessTokens();
      await page.goto(at("/profile/"));
      await shown("Ada Lovelace");
      expect([page.url(), refreshes()]).toEqual([at("/profile/"), 1]);
      await page.goto(at("/"));
      // What is refused as soon as it was renewed is not renewed again.
      await context.clearCookies({ name: "pixy-next-pass" });
      provider.revokeAccessTokens();
      await page.getByRole("link", { name: "/profile" }).click();
      await shown("Ada Lovelace");
      expect([page.url(), refreshes()]).toEqual([at("/profile/"), 2]);
    });

    it("spends nothing ahead of a click", async () => {
      await logIn();
      provider.revokeAccessTokens();
      const fetched: string[] = [];
      page.on("response", (response) => {
        if (response.url().includes("_rsc=")) fetched.push(new URL(response.url()).pathname);
      });
      await page.goto(at("/"));
      for (const link of await page.getByRole("link").all()) await link.hover();
      const paths = ["/profile/", "/account/", "/lists/", "/playlists/"].map((path) => `/shop${path}`);
      await expect.poll(() => fetched, { timeout: 30_000 }).toEqual(expect.arrayContaining(paths));
      expect(provider.requests).toEqual([]);
    });

    it("asks for one more scope where a page needs it, and comes back", async () => {
      await logIn();
      await page.getByRole("link", { name: "/playlists" }).click();
      await choose();
      await page.locator("output").getByText("Bernoulli").waitFor();
      expect(page.url()).toBe(at("/playlists/"));
    });

    it("keeps a page from whoever it is not for", async () => {
      await logIn();
      await page.goto(at("/allowed/"));
      await page.getByRole("heading", { name: "Not for you" }).waitFor();
      // The page's shell has been sent by then, and its script says so.
      told.length = 0;
    });

    it("asks whoever has just said no, and begins no login by itself", async () => {
      await page.goto(at("/profile/"));
      await choose(page, "Deny");
      await page.waitForURL(at("/auth/login/**"));
      expect(page.url()).toContain("ask=1");
      const states = provider.requests.flatMap(({ kind, parameters }) =>
        kind === "authorize" ? parameters.state : [],
      );
      expect(new Set(states).size).toBe(1);
      // A page with a status of 401 is an error to a browser's console.
      told.length = 0;
    });

    it("forgets what is cached for one person, and nothing of anybody else's", async () => {
      const other = await browser.newContext();
      const hers = await open(other);
      await logIn();
      await logIn(hers, "Grace Hopper");
      const cached = async (on: Page) => {
        await on.goto(at("/lists/"));
        return on.locator("output").textContent();
      };
      const before = [await cached(page), await cached(hers)];
      await page.getByRole("button", { name: "Forget" }).click();
      await expect.poll(() => page.locator("output").textContent()).not.toBe(before[0]);
      expect((await page.locator("output").textContent())?.split(" ")[0]).toBe("ada-1815");
      expect(await cached(hers)).toBe(before[1]);
      await other.close();
    });
  });
});
