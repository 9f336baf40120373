import { setTimeout as wait } from "node:timers/promises";
import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  type Rotation,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type ExampleName, type ExampleProcess, exampleExists, startExample } from "../lib/example-process.ts";
import { findRedis, type Redis, withRedis } from "../lib/redis.ts";
import { otherSecret } from "../lib/web-app.ts";

interface Session {
  readonly loggedIn: boolean;
  readonly expiresAt: string;
}

const withCode = (page: { status: number; body: string }) => `${page.status} ${page.status === 200 ? "" : page.body}`;

/** Counts what came back, so that a failure shows all kinds at once. */
function tally(pages: readonly { status: number; body: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const page of pages) counts[withCode(page)] = (counts[withCode(page)] ?? 0) + 1;
  return counts;
}

for (const example of ["express", "next"] as const satisfies readonly ExampleName[]) {
  if (!exampleExists(example)) continue;
  withRedis(`four ${example} processes on one Redis`, () => {
    let redis: Redis;
    let provider: AuthorizationServer;
    let server: HttpServer;
    let apps: ExampleProcess[] = [];

    const start = () =>
      startExample(example, { PROVIDER_URL: server.url, REDIS_URL: redis.url, SESSION_SECRET: otherSecret });

    /** Logs in with a token that lasts for a second, and waits until it has expired. */
    async function expired(rotation: Rotation): Promise<UserAgent> {
      provider.clearFaults();
      provider.configure({ rotation, expiresIn: 1 });
      const browser = createUserAgent();
      await browser.login(`${apps[0]?.url}/me`, { person: "ada" });
      const { expiresAt } = (await browser.call(`${apps[0]?.url}/auth/session`)).json() as Session;
      await wait(Math.max(0, Date.parse(expiresAt) - Date.now()) + 20);
      provider.configure({ expiresIn: 3600 });
      provider.reset();
      return browser;
    }

    // Another port is another origin, but the same cookies.
    const me = (browser: UserAgent, index: number) =>
      browser.call(`${apps[index % apps.length]?.url}/me`, { credentials: "include" });
    const refreshes = () => provider.tokenRequests("refresh_token").length;
    const ask = (browser: UserAgent, count: number) =>
      Promise.all(Array.from({ length: count }, async (_, index) => me(await browser.clone(), index)));

    async function until(condition: () => boolean): Promise<void> {
      while (!condition()) await wait(10);
    }

    beforeAll(async () => {
      const found = findRedis();
      if (found === null) throw new Error("There is no Redis.");
      redis = await found.start();
      provider = createAuthorizationServer();
      server = await serve(provider);
      provider.configure({ issuer: server.url });
      apps = await Promise.all(Array.from({ length: 4 }, start));
    }, 60_000);

    afterEach(async () => {
      for (const [index, app] of apps.entries()) {
        if ((await fetch(`${app.url}/public`).catch(() => null))?.ok) continue;
        await app.stop();
        apps[index] = await start();
      }
      // A process that was stopped has lost its connection to Redis and is making a new one.
      const headers = { cookie: `pixy-${example}=${"A".repeat(43)}` };
      for (const app of apps) while (!(await fetch(`${app.url}/auth/session`, { headers })).ok) await wait(50);
    }, 60_000);

    afterAll(async () => {
      await Promise.all(apps.map((app) => app.stop()));
      await server?.close();
      await redis?.stop();
    });

    const count = example === "express" ? 1_000 : 200;
    it(`${count} requests at expiry, a token endpoint that takes 2 s, strict rotation: one token request`, {
      timeout: 60_000,
    }, async () => {
      const browser = await expired("strict");
      provider.fault({ at: "token", kind: "delay", milliseconds: 2_000, times: 1 });
      expect(tally(await ask(browser, count))).toEqual({ "200 ": count });
      expect(refreshes()).toBe(1);
      expect(tally(await ask(browser, 8))).toEqual({ "200 ": 8 });
      expect(refreshes()).toBe(1);
      expect(provider.violations).toEqual([]);
    });

    if (example !== "express") return;

    // What each rotation makes of it, and of a leader that stands still, is in the model of the refresh; `check grants` kills
    // and stops processes at each step. Here it is that the lease of the dead process ends, for a browser.
    it("the leader is killed after its request: another one takes over, and no loop", { timeout: 90_000 }, async () => {
      const browser = await expired("grace");
      provider.fault({ at: "token", kind: "delay", milliseconds: 3_000, times: 1, consume: true });
      const leading = me(browser, 0).catch(() => null);
      await until(() => refreshes() === 1);
      apps[0]?.signal("SIGKILL");
      await leading;
      const answer = await me(await browser.clone(), 1);
      expect([answer.status, refreshes()]).toEqual([200, 2]);
      const again = await Promise.all([1, 2, 3].map((index) => me(browser, index)));
      expect(again.map((page) => page.status)).toEqual([200, 200, 200]);
      expect(refreshes()).toBe(2);
    });

    it("a provider that is down is asked by one process at a time, and nobody notices while the token works", {
      timeout: 60_000,
    }, async () => {
      const browser = await expired("strict");
      provider.fault({ at: "token", kind: "status", status: 503 });
      for (let round = 0; round < 5; round++) {
        for (const page of await ask(browser, 8)) {
          expect([page.status, (page.json() as { code: string }).code]).toEqual([503, "provider_unavailable"]);
        }
      }
      // Pauses of 1 and 2 seconds at the least lie between tries, and the rounds take less.
      expect(refreshes()).toBeLessThan(5);
      provider.clearFaults();
      let status = 503;
      while (status !== 200) {
        await wait(200);
        status = (await me(browser, 2)).status;
      }
    });

    // A Redis that was given by REDIS_URL is not ours to kill or to stop.
    const ownRedis = it.skipIf(process.env.REDIS_URL !== undefined);

    ownRedis(
      "Redis is killed and comes back empty: 503 while it is away, then nobody is logged in, and a login works",
      {
        timeout: 60_000,
      },
      async () => {
        const browser = await expired("strict");
        await redis.restart(async () => {
          for (const page of await ask(browser, 4))
            expect([page.status, page.headers.get("retry-after")]).toEqual([503, "1"]);
          expect(refreshes()).toBe(0);
        });
        let status = 503;
        while (status === 503) {
          await wait(100);
          status = (await me(browser, 1)).status;
        }
        expect(status).toBe(401);
        expect((await browser.login(`${apps[1]?.url}/me`, { person: "ada" })).status).toBe(200);
      },
    );

    ownRedis(
      "Redis stops answering and comes back: nothing but 503, and the session is still there",
      {
        timeout: 60_000,
      },
      async () => {
        const browser = await expired("strict");
        redis.signal("SIGSTOP");
        const during = await ask(browser, 4);
        redis.signal("SIGCONT");
        expect(during.map((page) => [page.status, page.headers.get("retry-after")])).toEqual(
          Array.from({ length: 4 }, () => [503, "1"]),
        );
        expect(refreshes()).toBe(0);
        let status = 503;
        while (status !== 200) {
          await wait(100);
          status = (await me(browser, 1)).status;
        }
        expect(refreshes()).toBe(1);
      },
    );
  });
}
