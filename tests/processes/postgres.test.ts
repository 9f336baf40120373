import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { applyPostgresSchema } from "@pixy/postgres";
import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  type Rotation,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Child, startChild } from "../../tools/lib/child-process.ts";
import { type PostgresServer, startPostgres, withPostgres } from "../lib/postgres.ts";

interface App {
  readonly url: string;
  readonly child: Child;
}

/** Counts what came back, so that a failure shows all kinds at once. */
function tally(pages: readonly { status: number; body: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of pages) {
    const what = status === 200 ? "200" : `${status} ${(JSON.parse(body) as { code: string }).code}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

withPostgres("four processes on one Postgres", () => {
  let postgres: PostgresServer;
  let provider: AuthorizationServer;
  let server: HttpServer;
  let apps: App[] = [];

  const program = fileURLToPath(new URL("postgres-app.ts", import.meta.url));
  async function start(): Promise<App> {
    const child = startChild({
      name: "postgres-app",
      command: [process.execPath, "--conditions=@pixy/source", program],
      environment: { ...process.env, DATABASE_URL: postgres.url, PROVIDER_URL: server.url },
      ready: /listening on (http:\/\/127\.0\.0\.1:\d+) /,
    });
    return { url: (await child.ready)?.[1] ?? "", child };
  }

  /** Logs in with a token that lasts for a second, and waits until it has expired. */
  async function expired(rotation: Rotation): Promise<UserAgent> {
    provider.clearFaults();
    provider.configure({ rotation, expiresIn: 1 });
    const browser = createUserAgent();
    await browser.login(`${apps[1]?.url}/me`, { person: "ada" });
    const session = (await browser.call(`${apps[1]?.url}/auth/session`)).json() as { expiresAt: string };
    await wait(Math.max(0, Date.parse(session.expiresAt) - Date.now()) + 20);
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

  /** Asks every process until all of them answer with the page. */
  async function recovered(browser: UserAgent): Promise<void> {
    let seen = await ask(browser, 4);
    while (seen.some(({ status }) => status !== 200)) {
      expect(Object.keys(tally(seen)).filter((what) => !/^(200|503 .*)$/.test(what))).toEqual([]);
      await wait(100);
      seen = await ask(browser, 4);
    }
  }

  beforeAll(async () => {
    postgres = await startPostgres();
    const pool = new Pool({ connectionString: postgres.url });
    await applyPostgresSchema(pool);
    await pool.end();
    provider = createAuthorizationServer();
    server = await serve(provider);
    provider.configure({ issuer: server.url });
    apps = await Promise.all(Array.from({ length: 4 }, start));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(apps.map(({ child }) => child.stop()));
    await server?.close();
    await postgres?.stop();
  });

  it("1,000 requests at expiry, a slow token endpoint, strict rotation: one token request", async () => {
    const browser = await expired("strict");
    provider.fault({ at: "token", kind: "delay", milliseconds: 2_000, times: 1 });
    expect(tally(await ask(browser, 1_000))).toEqual({ "200": 1_000 });
    expect(refreshes()).toBe(1);
    expect(provider.violations).toEqual([]);
  }, 60_000);

  it("Postgres is killed under a herd and starts again: 503 at the most, one token request, nobody is logged out", async () => {
    const browser = await expired("strict");
    provider.fault({ at: "token", kind: "delay", milliseconds: 1_500, times: 1 });
    const herd = ask(browser, 100);
    await until(() => refreshes() === 1);
    await postgres.restart();
    const during = tally(await herd);
    expect(Object.keys(during).filter((what) => !/^(200|503 (store|provider)_unavailable)$/.test(what))).toEqual([]);
    await recovered(browser);
    expect(refreshes()).toBe(1);
    expect(provider.violations).toEqual([]);
  }, 60_000);

  it("Postgres stops for five seconds: 503 in time, one token request, nobody is logged out", async () => {
    const browser = await expired("strict");
    postgres.signal("SIGSTOP");
    const since = Date.now();
    const during = ask(browser, 40);
    await wait(5_000);
    // A process that has the session in memory fails only at its refresh.
    const what = Object.keys(tally(await during)).map((answer) => answer.replace(/(store|provider)_/, ""));
    expect([[...new Set(what)], Date.now() - since < 15_000]).toEqual([["503 unavailable"], true]);
    expect(refreshes()).toBe(0);
    postgres.signal("SIGCONT");
    await recovered(browser);
    expect(refreshes()).toBe(1);
  }, 60_000);

  // It waits for the end of a lease.
  it.skipIf(!process.env.PIXY_LEASES)(
    "the leader is killed after its request, at a provider with a grace: one more request, nobody is logged out",
    async () => {
      const browser = await expired("grace");
      provider.fault({ at: "token", kind: "delay", milliseconds: 3_000, times: 1, consume: true });
      const leading = me(browser, 0).catch(() => null);
      await until(() => refreshes() === 1);
      apps[0]?.child.signal("SIGKILL");
      await leading;
      // The lease of the dead process has to end first.
      expect((await me(await browser.clone(), 1)).status).toBe(200);
      expect(tally(await Promise.all([1, 2, 3].map((index) => me(browser, index))))).toEqual({ "200": 3 });
      expect(refreshes()).toBe(2);
    },
    60_000,
  );
});
