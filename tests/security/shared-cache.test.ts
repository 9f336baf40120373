import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExampleName, type ExampleProcess, exampleExists, startExample } from "../lib/example-process.ts";
import { createSharedCache, type Manners, type SharedCache } from "../lib/shared-cache.ts";

const origin = "https://shop.example";
const paths = [
  "/",
  "/about",
  "/me",
  "/me?x=1",
  "/playlists",
  "/public",
  "/auth/session",
  "/auth/login",
  "/auth/login?returnTo=/me",
  "/nowhere",
  "/?auth_error=x",
];

for (const example of (["express", "hono", "next"] as const).filter(exampleExists)) describeCache(example);

function describeCache(example: ExampleName): void {
  describe(`${example} behind a cache that everybody shares`, () => {
    let provider: AuthorizationServer;
    let server: HttpServer;
    let app: ExampleProcess;

    beforeAll(async () => {
      provider = createAuthorizationServer();
      server = await serve(provider);
      provider.configure({ issuer: server.url });
      app = await startExample(example, { PROVIDER_URL: server.url, BASE_URL: origin });
    });

    afterAll(async () => {
      await app?.stop();
      await server?.close();
    });

    const behind = (cache: SharedCache) => createUserAgent({ fetchers: { [origin]: cache.fetch } });

    /** Asks for everything in every way, and returns what was shown and what was set. */
    async function lookAround(browser: UserAgent): Promise<{ shown: string; set: string[] }> {
      const before = browser.hops.length;
      const shown: string[] = [];
      for (const path of paths) {
        const url = `${origin}${path}`;
        const navigate = async () => (await browser.navigate(url, { follow: false })).body;
        const call = async () => (await browser.call(url)).body;
        const fetchAsRouter = async () => (await browser.call(url, { headers: { rsc: "1" } })).body;
        for (const look of [navigate, call, fetchAsRouter]) shown.push(await look());
      }
      const set = browser.hops.slice(before).flatMap((hop) => hop.setCookies);
      return { shown: shown.join("\n"), set: set.map((line) => line.split(";")[0] ?? "") };
    }

    for (const manners of ["standard", "greedy"] satisfies Manners[]) {
      it(`V7 V8 K20 gives nobody another person's page or cookie, cache: ${manners}`, async () => {
        const cache = createSharedCache(() => app.url, manners);
        const ada = behind(cache);
        provider.configure({ expiresIn: 1 });
        await ada.login(`${origin}/me`, { person: "ada" });
        const { expiresAt } = (await ada.call(`${origin}/auth/session`)).json() as { expiresAt: string };
        const first = await lookAround(ada);
        // Once more with an expired token, so that pages write cookies too.
        await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(Date.parse(expiresAt));
        provider.configure({ expiresIn: 3600 });
        const second = await lookAround(ada);
        expect(first.shown + second.shown).toContain("Ada Lovelace");

        const hits = cache.hits();
        const given = new Set(ada.hops.flatMap((hop) => hop.setCookies).map((line) => line.split(";")[0] ?? ""));
        const isAdas = (pair: string) => given.has(pair) && !pair.endsWith("=");
        const stranger = await lookAround(behind(cache));
        expect(stranger.shown).not.toContain("Ada");
        expect(stranger.set.filter(isAdas)).toEqual([]);
        // The cache is one: what may be kept is kept.
        expect(cache.hits()).toBeGreaterThan(hits);

        const grace = behind(cache);
        const page = await grace.login(`${origin}/me`, { person: "grace" });
        expect(page.body).toContain("Grace Hopper");
        const third = await lookAround(grace);
        expect(third.shown).toContain("Grace Hopper");
        expect(third.shown).not.toContain("Ada");
        expect(third.set.filter(isAdas)).toEqual([]);
        await grace.navigate(`${origin}/`);
        await grace.submit(`${origin}/auth/logout`);
        expect((await lookAround(grace)).shown).not.toMatch(/Grace|Ada/);
        expect((await ada.call(`${origin}/me`)).body).toContain("Ada Lovelace");
        // Next itself sends a router's fetch on to the URL with its `_rsc`, before any code of the app runs.
        const personal = cache
          .kept()
          .filter(({ url, status }) => /\/(me|playlists|auth)\b/.test(url) && status !== 307);
        expect(personal).toEqual([]);
      });
    }
  });
}
