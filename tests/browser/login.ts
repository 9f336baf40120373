import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { choose, cookieNames, logIn, logOut, type Stage, sessionOf } from "./stage.ts";

/** Every address that the back and forward buttons of this tab know. */
async function historyOf(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send("Page.getNavigationHistory");
  return entries.map((entry) => entry.url);
}

const heading = (page: Page): Promise<string | null> => page.getByRole("heading", { level: 1 }).textContent();

export function describeLogin(stage: Stage): void {
  const exchanges = (): number => stage.provider.tokenRequests("authorization_code").length;

  describe("login", () => {
    it("goes from the link over the provider's page back into the app", async () => {
      const page = await logIn(stage);
      expect(page.url()).toBe(stage.at("/"));
      expect(await heading(page)).toBe("Hello, Ada Lovelace");
      const profile = await page.goto(stage.at("/me"));
      expect(await profile?.json()).toMatchObject({ display_name: "Ada Lovelace" });
      expect(exchanges()).toBe(1);
      const names = await cookieNames(stage);
      expect(names.filter((name) => !name.includes("seen") && name.includes("login"))).toEqual([]);
      for (const cookie of await stage.context.cookies(stage.at("/"))) {
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
      }
      expect(await page.evaluate("document.cookie")).toBe("");
    });

    it("leaves no code in the history, and none in what the page knows of where it came from", async () => {
      const page = await logIn(stage);
      const addresses = await historyOf(page);
      expect(addresses).toContain(stage.at("/"));
      expect(addresses.filter((address) => /[?&](code|state)=/.test(address) && address.includes("/auth/"))).toEqual(
        [],
      );
      expect(addresses.filter((address) => /[?&]code=/.test(address))).toEqual([]);
      expect(await page.evaluate("document.referrer")).not.toContain("code=");
    });

    it("asks for one more permission where one is missing, and comes back to the same address", async () => {
      const page = await logIn(stage);
      await page.getByRole("link", { name: "/playlists" }).click();
      await page.waitForURL(`${stage.providerUrl}/authorize?**`);
      expect(await page.getByRole("main").textContent()).toContain("playlist-read-private");
      await choose(stage, page);
      expect(page.url()).toBe(stage.at("/playlists"));
      expect(await page.locator("body").textContent()).toContain("Bernoulli");
      expect([...(await sessionOf(stage)).scope].sort()).toEqual(["playlist-read-private", "user-read-private"]);
    });

    it("works in two tabs at the same time", async () => {
      const [first, second] = [await stage.context.newPage(), await stage.context.newPage()];
      await first.goto(stage.at("/me?tab=1"));
      await second.goto(stage.at("/me?tab=2"));
      await choose(stage, first);
      expect(first.url()).toBe(stage.at("/me?tab=1"));
      await choose(stage, second);
      expect(second.url()).toBe(stage.at("/me?tab=2"));
      for (const page of [first, second]) {
        await page.reload();
        expect(await page.locator("body").textContent()).toContain("Ada Lovelace");
      }
      expect(exchanges()).toBe(2);
    });

    it("survives the back button, a second choice there, and a reload of the callback", async () => {
      const page = await stage.context.newPage();
      const callbacks: string[] = [];
      page.on("request", (request) => {
        if (new URL(request.url()).pathname === "/auth/callback") callbacks.push(request.url());
      });
      await page.goto(stage.at("/"));
      await page.getByRole("link", { name: /log in/i }).click();
      await choose(stage, page);

      await page.goBack();
      await choose(stage, page);
      expect(await heading(page)).toBe("Hello, Ada Lovelace");

      await page.goto(callbacks[0] ?? "");
      expect(page.url()).toBe(stage.at("/"));
      expect(await heading(page)).toBe("Hello, Ada Lovelace");
      expect([callbacks.length, exchanges()]).toEqual([3, 1]);
    });

    it("lets the person deny, and says so", async () => {
      const page = await logIn(stage, "Deny");
      expect(page.url()).toBe(stage.at("/?auth_error=access_denied"));
      expect(await page.getByRole("status").textContent()).toContain("cancelled");
      expect(await heading(page)).not.toContain("Hello");
      expect(await cookieNames(stage)).toEqual(expect.not.arrayContaining([`pixy-${stage.example}`]));
      expect(stage.provider.tokenRequests()).toEqual([]);
    });

    it("starts at localhost and ends at 127.0.0.1, where the provider may send people back to", async () => {
      const page = await stage.context.newPage();
      const elsewhere = stage.appUrl.replace("127.0.0.1", "localhost");
      await page.goto(`${elsewhere}/`);
      await page.getByRole("link", { name: /log in/i }).click();
      await choose(stage, page);
      expect(page.url()).toBe(stage.at("/"));
      expect(await heading(page)).toBe("Hello, Ada Lovelace");
      expect(await stage.context.cookies(elsewhere)).toEqual([]);
    });

    it("shows a page with a way on for a callback that nobody asked for", async () => {
      const page = await stage.context.newPage();
      const answer = await page.goto(stage.at(`/auth/callback?code=made-up&state=${"A".repeat(43)}`));
      expect(answer?.status()).toBe(400);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
      await page.getByRole("link", { name: "Log in" }).click();
      await choose(stage, page);
      expect(await heading(page)).toBe("Hello, Ada Lovelace");
    });
  });

  describe("logout", () => {
    it("takes every cookie away, also from pages that were open or are in the history", async () => {
      const page = await logIn(stage);
      await page.goto(stage.at("/me"));
      await page.goto(stage.at("/"));
      const other = await stage.context.newPage();
      await other.goto(stage.at("/me"));
      await logOut(page);
      expect(await cookieNames(stage)).toEqual([]);
      expect(await sessionOf(stage)).toEqual({ loggedIn: false });
      // A page that a cache kept would show the person to whoever uses the machine next.
      for (const _ of (await historyOf(page)).slice(1)) {
        await page.goBack();
        expect(await page.locator("body").textContent()).not.toMatch(/Hello|display_name/);
      }
      await other.reload();
      expect(other.url()).toContain(`${stage.providerUrl}/authorize?`);
    });

    it("lets another person in afterwards, and nothing of the first is left", async () => {
      const page = await logIn(stage);
      await logOut(page);
      await page.getByRole("link", { name: /log in/i }).click();
      await choose(stage, page, "Log in as Grace Hopper");
      expect(await heading(page)).toBe("Hello, Grace Hopper");
      const profile = await page.goto(stage.at("/me"));
      expect(await profile?.json()).toMatchObject({ display_name: "Grace Hopper" });
    });
  });
}
