import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type App, at, createApp, redirectUri } from "./app.ts";
import { cellOf, expectAbsent } from "./cell.ts";
import { type Cell, cells, type ForeignServer, invalidGrant, type RunningServer } from "./foreign-server.ts";
import type { Matrix } from "./matrix.ts";
import { expectDeath, expectNobody, hour, spend } from "./outcome.ts";

/** Holds our packages against one server: a test or more for each cell, or the server's word that it has no such thing. */
export function describeInterop(foreign: ForeignServer, matrix: Matrix<Cell>): void {
  describe(foreign.name, () => {
    let server: RunningServer;
    let app: App;

    beforeAll(async () => {
      server = await foreign.start(redirectUri);
    });
    afterAll(() => server?.close());
    beforeEach(() => {
      app = createApp(server);
    });

    const cell = cellOf(foreign, matrix);
    for (const name of cells) {
      const absence = foreign.absent[name];
      if (absence === undefined) continue;
      it(`${name}: it has none, by its own words`, () => expectAbsent(absence));
    }

    cell("login", "through the server's pages and back to where it began", async () => {
      const browser = app.browser();
      const page = await app.logIn(browser, "/me?x=1");
      expect([page.url, page.status]).toEqual([at("/me?x=1"), 200]);
      const { sub } = page.json() as { sub: string };
      expect(sub).toMatch(server.person);
      expect((await browser.navigate(at("/"))).body).toBe(`Hello ${sub}`);
    });

    cell("50 requests", "on one expired token are one token request", async () => {
      const browser = app.browser();
      await app.logIn(browser);
      app.clock.advance(hour);
      const before = server.tokenRequests();
      const copies = await Promise.all(Array.from({ length: 50 }, () => browser.clone()));
      const pages = await Promise.all(copies.map((copy) => copy.call(at("/me"))));
      expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
      expect(server.tokenRequests() - before).toBe(1);
    });

    cell("reuse", "a token that we have spent is shown again", async () => {
      const browser = app.browser();
      await app.logIn(browser);
      app.clock.advance(hour);
      expect((await browser.call(at("/me"))).status).toBe(200);
      const { reuse } = foreign;
      expect(await spend(server, app.refreshTokens[0])).toBe(typeof reuse === "string" ? "200" : reuse.answer);
      app.clock.advance(hour);
      if (typeof reuse !== "string" && reuse.endsGrant) await expectDeath({ server, app, browser }, reuse);
      else if (reuse === "answered; the one that replaced it is dead") {
        await expectDeath({ server, app, browser }, invalidGrant);
      } else expect((await browser.call(at("/me"))).status).toBe(200);
    });

    cell("reuse", "we show a token that somebody else has spent", async () => {
      const browser = app.browser();
      await app.logIn(browser);
      expect(await spend(server, app.refreshTokens[0])).toBe("200");
      app.clock.advance(hour);
      if (typeof foreign.reuse === "string") expect((await browser.call(at("/me"))).status).toBe(200);
      else await expectDeath({ server, app, browser }, foreign.reuse);
    });

    for (const [way, death] of Object.entries(foreign.deaths)) {
      cell("death", `the refresh token is ${way}`, async () => {
        const browser = app.browser();
        await server.deaths[way]?.(async () => {
          expect((await app.logIn(browser)).status).toBe(200);
          return app.refreshTokens[0] ?? "";
        });
        app.clock.advance(hour);
        await expectDeath({ server, app, browser }, death);
      });
    }

    cell("denied", "the person says no, and may say yes later", async () => {
      const browser = app.browser();
      const before = server.tokenRequests();
      const page = await server.visit(browser, at("/auth/login?returnTo=/"), "deny");
      if (foreign.denied === "app") expect([page.url, page.status]).toEqual([at("/?auth_error=access_denied"), 200]);
      else expect(placeOf(page.url)).toBe(foreign.denied);
      expect(page.status).toBeLessThan(500);
      expect(server.tokenRequests()).toBe(before);
      await expectNobody(browser);
      expect((await app.logIn(browser)).status).toBe(200);
    });

    cell("redirect URI", "one that is not registered logs nobody in", async () => {
      const browser = createApp(server, { callbackPath: "/auth/elsewhere" }).browser();
      const before = server.tokenRequests();
      const page = await server.visit(browser, at("/auth/login?returnTo=/"), "allow");
      expect(placeOf(page.url)).toBe(foreign.misdirected);
      // A server's own page may say so with 200.
      if (foreign.misdirected !== "server") expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.status).toBeLessThan(500);
      expect(server.tokenRequests()).toBe(before);
      await expectNobody(browser);
    });

    cell("revocation", "a logout revokes the refresh token", async () => {
      const browser = app.browser();
      await app.logIn(browser);
      await browser.navigate(at("/"));
      const before = app.answers.length;
      expect((await browser.submit(at("/auth/logout"), {}, { follow: false })).status).toBe(303);
      // It may be the token endpoint, too.
      const { revocationEndpoint } = server.provider;
      await expect
        .poll(() => app.answers.slice(before).find(({ url }) => url === revocationEndpoint)?.answer)
        .toBe("200");
      expect(await spend(server, app.refreshTokens[0])).toBe(foreign.revoked);
      expect(app.events.map(({ type }) => type)).not.toContain("revocation.failed");
    });

    cell("discovery", "the metadata describe the provider, and no other issuer", async () => {
      const { issuer } = server.provider;
      const found = await server.discover?.(issuer);
      expect(found?.tokenEndpoint).toMatch(new RegExp(`^${server.url}/`));
      await expect(server.discover?.(`${issuer}/`)).rejects.toMatchObject({ code: "metadata_issuer_mismatch" });
    });

    function placeOf(url: string): string {
      return url.startsWith(at("/")) ? "app, no state" : "server";
    }
  });
}
