import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HostilePage, hosts, serveHostile } from "./hostile-page.ts";
import { choose, cookieNames, type Stage, sessionOf, signIn } from "./stage.ts";

export function describeCrossSite(stage: Stage): void {
  describe.each(hosts)("a page of %s", (_name, host) => {
    let hostile: HostilePage;

    beforeAll(async () => {
      hostile = await serveHostile(host);
    });

    afterAll(() => hostile?.close());

    /** Opens hostile HTML and resolves with the status that the app gave to the attempt at `path`. */
    async function attempt(path: string, html: string): Promise<number> {
      const page = await stage.context.newPage();
      const answered = page.waitForResponse((response) => response.url() === stage.at(path));
      await page.goto(`${hostile.url}?html=${encodeURIComponent(html)}`);
      return (await answered).status();
    }

    /** The same with an image, whose answer the browser hides from the page: it is read from below. */
    async function attemptByImage(path: string): Promise<number> {
      const page = await stage.context.newPage();
      const devtools = await stage.context.newCDPSession(page);
      await devtools.send("Network.enable");
      const statuses = new Map<string, number>();
      let wanted = "";
      devtools.on("Network.requestWillBeSent", ({ request, requestId }) => {
        if (request.url === stage.at(path)) wanted = requestId;
      });
      devtools.on("Network.responseReceivedExtraInfo", ({ requestId, statusCode }) => {
        statuses.set(requestId, statusCode);
      });
      await page.goto(`${hostile.url}?html=${encodeURIComponent(`<img src="${stage.at(path)}">`)}`);
      await expect.poll(() => statuses.has(wanted), { timeout: 30_000 }).toBe(true);
      return statuses.get(wanted) ?? 0;
    }

    it("logs nobody out by an image", async () => {
      await signIn(stage);
      expect(await attemptByImage("/auth/logout")).toBe(405);
      expect((await sessionOf(stage)).loggedIn).toBe(true);
    });

    it("starts no login by an image, and leaves no cookie", async () => {
      expect(await attemptByImage("/auth/login")).toBe(403);
      expect(await cookieNames(stage)).toEqual([]);
      expect(stage.provider.requests).toEqual([]);
    });

    it("logs nobody out by a form", async () => {
      await signIn(stage);
      const before = await stage.context.cookies(stage.at("/"));
      const form = `<form method="post" action="${stage.at("/auth/logout")}"></form><script>document.forms[0].submit()</script>`;
      const status = await attempt("/auth/logout", form);
      // Without a cookie there is nothing to refuse: the answer leads to the start page and takes nothing away.
      expect(status).toBe(host === "localhost" ? 303 : 403);
      expect(await stage.context.cookies(stage.at("/"))).toEqual(before);
      expect((await sessionOf(stage)).loggedIn).toBe(true);
    });

    it("shows no login in a frame, and finishes none there", async () => {
      await signIn(stage);
      const page = await stage.context.newPage();
      await page.goto(stage.at("/"));
      const frame = `<iframe src="${stage.at("/auth/login")}"></iframe>`;
      expect(await attempt("/auth/login", frame)).toBe(403);
      const path = `/auth/callback?code=made-up&state=${"A".repeat(43)}`;
      expect(await attempt(path, `<iframe src="${stage.at(path)}"></iframe>`)).toBe(400);
      await page.reload();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Hello, Ada Lovelace");
      expect(stage.provider.tokenRequests()).toHaveLength(1);
    });

    it("reads nothing of the person", async () => {
      await signIn(stage);
      const page = await stage.context.newPage();
      await page.goto(`${hostile.url}?html=`);
      for (const path of ["/me", "/auth/session"]) {
        const read = page.evaluate(
          (url) => fetch(url, { credentials: "include" }).then((answer) => answer.text()),
          stage.at(path),
        );
        await expect(read).rejects.toThrow(/Failed to fetch/);
      }
    });

    it("may link to a page behind the login, as any page may", async () => {
      await signIn(stage);
      const page = await stage.context.newPage();
      await page.goto(`${hostile.url}?html=${encodeURIComponent(`<a href="${stage.at("/me")}">in</a>`)}`);
      await page.getByRole("link", { name: "in" }).click();
      // Lax cookies come along: a person who follows a link is still logged in.
      await page.waitForURL(stage.at("/me"));
      expect(await page.locator("body").textContent()).toContain("Ada Lovelace");
    });

    it("cannot plant its own login in somebody else's browser", async () => {
      const attacker = await stage.open();
      const start = await attacker.request.get(stage.at("/auth/login"), { maxRedirects: 0 });
      const callback = await stage.provider.authorize(start.headers().location ?? "", { person: "grace" });
      const page = await stage.context.newPage();
      await page.goto(
        `${hostile.url}?html=${encodeURIComponent(`<a href="${callback.replaceAll("&", "&amp;")}">in</a>`)}`,
      );
      const answered = page.waitForResponse((response) => response.url() === callback);
      await page.getByRole("link", { name: "in" }).click();
      expect((await answered).status()).toBe(400);
      expect(await sessionOf(stage)).toEqual({ loggedIn: false });
      expect(stage.provider.tokenRequests()).toEqual([]);
      await page.getByRole("link", { name: "Log in" }).click();
      await choose(stage, page);
      expect((await sessionOf(stage)).loggedIn).toBe(true);
    });
  });
}
