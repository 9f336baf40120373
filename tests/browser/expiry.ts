import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { cookieNames, logOut, type Stage, sessionOf, signIn } from "./stage.ts";

/** What the page itself gets for so many requests at the same moment. */
function statusesOf(page: Page, path: string, count: number): Promise<number[]> {
  return page.evaluate(
    ([target, times]) =>
      Promise.all(Array.from({ length: times }, () => fetch(target).then((answer) => answer.status))),
    [path, count] as const,
  );
}

export function describeExpiry(stage: Stage): void {
  const refreshes = (): number => stage.provider.tokenRequests("refresh_token").length;

  /** Logs in with a token that lasts for a second, and waits until it has expired. */
  async function logInAndExpire(): Promise<Page> {
    stage.provider.configure({ expiresIn: 1 });
    await signIn(stage);
    const { expiresAt } = await sessionOf(stage);
    await expect.poll(() => Date.now(), { timeout: 30_000, interval: 20 }).toBeGreaterThan(Date.parse(expiresAt));
    stage.provider.configure({ expiresIn: 3600 });
    const page = await stage.context.newPage();
    await page.goto(stage.at("/"));
    return page;
  }

  describe("an access token that has expired", () => {
    it("is renewed once for five requests of one page", async () => {
      stage.provider.configure({ rotation: "strict" });
      const page = await logInAndExpire();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Hello, Ada Lovelace");
      expect(await statusesOf(page, "/me", 5)).toEqual([200, 200, 200, 200, 200]);
      expect(refreshes()).toBe(1);
      // The cookie of the answers has to be one that works on.
      expect(await statusesOf(page, "/me", 1)).toEqual([200]);
      await page.reload();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Hello, Ada Lovelace");
      expect(refreshes()).toBe(1);
    });

    it("is renewed once for three tabs that are opened together", async () => {
      stage.provider.configure({ rotation: "strict" });
      await logInAndExpire();
      const tabs = await Promise.all([1, 2, 3].map(() => stage.context.newPage()));
      const answers = await Promise.all(tabs.map((tab) => tab.goto(stage.at("/me"))));
      expect(answers.map((answer) => answer?.status())).toEqual([200, 200, 200]);
      expect(refreshes()).toBe(1);
    });

    it("leads to the login when the provider has ended it, and a script is told", async () => {
      const page = await logInAndExpire();
      stage.provider.revokeGrants();
      expect(await statusesOf(page, "/me", 3)).toEqual([401, 401, 401]);
      expect(refreshes()).toBe(1);
      await page.goto(stage.at("/me"));
      expect(page.url()).toContain(`${stage.providerUrl}/authorize?`);
    });

    it("does not stand in the way of a logout", async () => {
      const page = await logInAndExpire();
      const late = statusesOf(page, "/slow?ms=200", 2).catch(() => []);
      await logOut(page);
      await late;
      expect(await cookieNames(stage)).toEqual([]);
      expect(await sessionOf(stage)).toEqual({ loggedIn: false });
    });
  });
}
