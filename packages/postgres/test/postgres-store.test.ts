import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock, describeStore } from "@pixy/testing";
import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyPostgresSchema, type PostgresStoreOptions, postgresSchema, postgresStore } from "../src/index.ts";
import {
  missingPgBouncer,
  missingPostgres,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from "./postgres-server.ts";

const missing = missingPostgres();
const times = { lease: 15_000, intent: 30_000 };
const hour = 3_600_000;

async function acquired(store: ReturnType<typeof postgresStore>, key: string) {
  const answer = await store.acquire(key, times);
  if (answer.state !== "acquired") throw new Error(answer.state);
  return answer;
}

describe.skipIf(missing !== null)(missing ? `postgres (skipped; to enable: ${missing})` : "postgres", () => {
  let server: PostgresServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url, connectionTimeoutMillis: 5_000 });
    await applyPostgresSchema(pool);
  }, 60_000);
  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  const countOf = async (table: string, app: string) =>
    Number((await pool.query(`SELECT count(*) FROM pixy.${table} WHERE app = $1`, [app])).rows[0].count);

  describeStore({ describe, it }, { name: "one pool", create: () => ({ store: postgresStore({ pool }) }) });

  it("takes a lease for exactly one of fifty where transactions are serializable by default", async () => {
    const strict = new Pool({ connectionString: server.url, options: "-c default_transaction_isolation=serializable" });
    const store = postgresStore({ pool: strict, app: "strict" });
    for (let round = 0; round < 3; round++) {
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const made = await Promise.all(numbers.map(async (number) => store.create(`${round}`, `${number}`, hour)));
      expect(made.filter((answer) => answer === "created")).toHaveLength(1);
      const states = await Promise.all(numbers.map(async () => (await store.acquire(`${round}`, times)).state));
      expect(states.filter((state) => state === "acquired")).toHaveLength(1);
      expect(states.filter((state) => state === "held")).toHaveLength(49);
    }
    await strict.end();
  });

  const noBouncer = missingPgBouncer();
  describe.skipIf(noBouncer !== null)(noBouncer ? `PgBouncer (skipped; to enable: ${noBouncer})` : "PgBouncer", () => {
    let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
    let bounced: Pool;
    beforeAll(async () => {
      bouncer = await startPgBouncer(server);
      bounced = new Pool({ connectionString: bouncer.url });
    });
    afterAll(async () => {
      await bounced?.end();
      await bouncer?.stop();
    });
    describeStore(
      { describe, it },
      {
        name: "that lends a connection for a transaction",
        create: () => ({ store: postgresStore({ pool: bounced }) }),
      },
    );
  });

  it("takes one statement and one round trip per operation", async () => {
    const sent: string[] = [];
    const counted = new Proxy(pool, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (name !== "query") return typeof member === "function" ? member.bind(target) : member;
        return (text: string, values: unknown[]) => {
          sent.push(/v1_(\w+)/.exec(text)?.[1] ?? text);
          return target.query(text, values);
        };
      },
    });
    const store = postgresStore({ pool: counted });
    await store.create("trips", "sealed", 60_000);
    await store.read("trips");
    const { fence } = await acquired(store, "trips");
    await store.release("trips", fence);
    await store.commit("trips", fence, "renewed", 60_000);
    await store.end("trips", (await acquired(store, "trips")).fence, 60_000);
    await store.touch("trips", 60_000);
    await store.replace("trips", "sealed", 60_000);
    await store.delete("trips");
    await store.index?.add("trips", { owner: "ada", due: 0 }, 60_000);
    await store.index?.remove("trips");
    await store.index?.ofOwner("ada");
    await store.index?.dueWithin(60_000, 10);
    await store.epochs?.of("ada");
    await store.epochs?.advance("ada", 60_000);
    expect(sent.join(" ")).toBe(
      "begin read_living acquire release write acquire write touch begin remove note forget of_owner due epoch advance",
    );
  });

  it("reads the clock once it has the row, not when it began to wait for it", async () => {
    const store = postgresStore({ pool, app: "late" });
    await store.create("a", "sealed", hour);
    const other = await pool.connect();
    await other.query("BEGIN; SELECT FROM pixy.records WHERE app = 'late' FOR UPDATE");
    const waiting = acquired(store, "a");
    const isWaiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%v1_acquire%'";
    while ((await pool.query(isWaiting)).rows.length === 0);
    await pool.query("SELECT pg_sleep(0.002)");
    const moment = Number((await other.query("SELECT pixy.v1_now()")).rows[0].v1_now);
    await other.query("COMMIT");
    other.release();
    expect((await waiting).fence).toBeGreaterThanOrEqual(moment);
  });

  it("keeps apart two apps on one database", async () => {
    const [one, two] = ["one", "two"].map((app) => postgresStore({ pool, app }));
    if (!one?.index || !two?.index || !one.epochs || !two.epochs) throw new Error("no index");
    await one.create("a", "of one", hour);
    expect(await two.read("a")).toBe(null);
    expect(await two.create("a", "of two", hour)).toBe("created");
    await acquired(one, "a");
    await acquired(two, "a");
    await two.delete("a");
    expect((await one.read("a"))?.sealed).toBe("of one");
    await one.index.add("a", { owner: "ada", due: 0 }, hour);
    expect([await two.index.ofOwner("ada"), await two.index.dueWithin(hour, 10)]).toEqual([[], []]);
    await two.index.remove("a");
    expect(await one.index.dueWithin(hour, 10)).toEqual(["a"]);
    await one.epochs.advance("ada", hour);
    expect(await two.epochs.of("ada")).toBe(0);
  });

  it("is rid of what has ended without a job for it", async () => {
    const store = postgresStore({ pool, app: "swept" });
    for (let number = 0; number < 100; number++) {
      await store.create(`${number}`, "sealed", 1);
      await store.index?.add(`${number}`, { owner: "ada", due: null }, 1);
      await store.epochs?.advance(`${number}`, 1);
    }
    // Whatever else has ended in this database goes first.
    while ((await countOf("records", "swept")) > 1) await store.replace("new", "sealed", hour);
    while ((await countOf("hints", "swept")) > 1) await store.index?.add("new", { owner: null, due: null }, hour);
    while ((await countOf("epochs", "swept")) > 1) await store.epochs?.advance("new", hour);
  });

  it("keeps no more of a deleted record than its fences, for a minute", async () => {
    const store = postgresStore({ pool, app: "deleted" });
    await store.create("read", "sealed", hour);
    await store.delete("read");
    await store.create("refreshed", "sealed", hour);
    await acquired(store, "refreshed");
    await store.delete("refreshed");
    const { rows } = await pool.query("SELECT * FROM pixy.records WHERE app = 'deleted'");
    expect(rows).toMatchObject([{ key: "refreshed", sealed: null, note: null, deleted: true }]);
    const left = Number(rows[0].expires_at) - Date.now();
    expect([left > 0, left <= 60_000]).toEqual([true, true]);
  });

  it("gives no fence and no count twice, also where a failover lost the last ones", async () => {
    const store = postgresStore({ pool, app: "failover" });
    await store.create("a", "sealed", hour);
    const { fence } = await acquired(store, "a");
    const count = (await store.epochs?.advance("ada", hour)) ?? 0;
    await pool.query("UPDATE pixy.records SET issued = start, lease = NULL, leased_until = 0 WHERE app = 'failover'");
    await pool.query("DELETE FROM pixy.epochs WHERE app = 'failover'");
    await pool.query("SELECT pg_sleep(0.002)");
    expect((await acquired(store, "a")).fence).toBeGreaterThan(fence);
    expect(await store.epochs?.advance("ada", hour)).toBeGreaterThan(count);
  });

  describe("with a connection that listens", () => {
    /** A store that listens, when it does. */
    async function listening(app: string) {
      const opened: Client[] = [];
      const listenWith = () => {
        const client = new Client({ connectionString: server.url });
        opened.push(client);
        return client;
      };
      const store = postgresStore({ pool, app, listenWith });
      await store.create("a", "sealed", hour);
      const { fence } = await acquired(store, "a");
      const isAwaited = async () =>
        (await pool.query("SELECT awaited FROM pixy.records WHERE app = $1", [app])).rows[0].awaited as boolean;
      while (!(await isAwaited())) await store.acquire("a", times);
      return { store, fence, opened, close: () => Promise.all(opened.map((client) => client.end())) };
    }
    const waited = (store: ReturnType<typeof postgresStore>, within: number) => store.settled?.("a", within);

    for (const [what, reportsBack] of [
      ["commits", (store, fence) => store.commit("a", fence, "renewed", hour)],
      ["ends the record", (store, fence) => store.end("a", fence, hour)],
      ["gives up", (store, fence) => store.release("a", fence)],
    ] satisfies [string, (store: ReturnType<typeof postgresStore>, fence: number) => unknown][]) {
      it(`tells who waits as soon as the holder ${what}, also in the moment between`, async () => {
        const { store, fence, close } = await listening(`told ${what}`.replaceAll(" ", "-"));
        const holder = postgresStore({ pool, app: `told ${what}`.replaceAll(" ", "-") });
        const told = waited(store, 600_000);
        await reportsBack(holder, fence);
        expect(await told).toBe(true);
        expect(await waited(store, 600_000)).toBe(true);
        await close();
      });
    }

    it("sends nothing when nobody waits, and one notification however many do", async () => {
      const heard: unknown[] = [];
      const client = new Client({ connectionString: server.url });
      client.on("notification", ({ payload }) => heard.push(payload));
      await client.connect();
      await client.query("LISTEN pixy");
      const { store, fence, close } = await listening("seldom");
      await store.commit("a", fence, "renewed", hour);
      for (const awaited of [false, true]) {
        const held = await acquired(store, "a");
        for (let times_ = 0; awaited && times_ < 3; times_++) await store.acquire("a", times);
        await store.commit("a", held.fence, "again", hour);
      }
      await client.query("SELECT 1");
      expect(heard.filter((payload) => payload === "seldom a")).toHaveLength(2);
      await client.end();
      await close();
    });

    it("waits as without it while the connection is lost, and makes another", async () => {
      const { store, fence, opened, close } = await listening("lost");
      await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN pixy'");
      expect(await waited(store, 1)).toBe(false);
      while (opened.length < 2) await store.acquire("a", times);
      expect(await store.commit("a", fence, "renewed", hour)).toBe("committed");
      await close();
    });

    it("is not missed where the connection cannot be made", async () => {
      const store = postgresStore({ pool, app: "none", listenWith: () => new Client({ port: 1, host: "127.0.0.1" }) });
      await store.create("a", "sealed", hour);
      await acquired(store, "a");
      expect((await store.acquire("a", times)).state).toBe("held");
      expect(await waited(store, 1)).toBe(false);
    });
  });

  it("is set up by five processes at once, again and under another name", async () => {
    const pools = Array.from({ length: 5 }, () => new Pool({ connectionString: server.url, max: 1 }));
    await Promise.all(pools.map((each) => applyPostgresSchema(each, { schema: "shop_1" })));
    await applyPostgresSchema(pool, { schema: "shop_1" });
    await Promise.all(pools.map((each) => each.end()));
    const store = postgresStore({ pool, schema: "shop_1" });
    expect(await store.create("a", "sealed", hour)).toBe("created");
    await pool.query("DROP SCHEMA shop_1 CASCADE");
    await expect(store.read("a")).rejects.toThrow(
      expect.objectContaining({
        ...{ name: "ConfigurationError", code: "schema_missing" },
        message: expect.stringContaining("npx @pixy/postgres shop_1 | psql $DATABASE_URL"),
      }),
    );
  });

  it("deletes for a process of the release before, which calls another function", async () => {
    const store = postgresStore({ pool, app: "older" });
    await store.create("a", "sealed", hour);
    await pool.query("SELECT * FROM pixy.v1_delete($1, $2)", ["older", "a"]);
    expect(await store.read("a")).toBeNull();
  });

  it("works for a user of the database who owns none of it", async () => {
    await pool.query(`CREATE ROLE app LOGIN; GRANT USAGE ON SCHEMA pixy TO app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pixy TO app`);
    const theirs = new Pool({ host: "127.0.0.1", port: server.port, user: "app", database: "postgres" });
    const store = postgresStore({ pool: theirs, app: "theirs" });
    await store.create("a", "sealed", hour);
    expect(await store.commit("a", (await acquired(store, "a")).fence, "renewed", hour)).toBe("committed");
    await store.delete("a");
    await expect(applyPostgresSchema(theirs)).rejects.toThrow(/permission denied/);
    await theirs.end();
  });

  it("prints what it would run, and refuses a name that has to be quoted", () => {
    expect(postgresSchema()).toContain("CREATE TABLE IF NOT EXISTS pixy.records");
    const named = postgresSchema({ schema: "shop" });
    expect(named).not.toMatch(/pixy\.|'pixy'|EXISTS pixy/);
    for (const schema of ["", "Shop", "a;b", 'a"b', "1a", "a.b", "x".repeat(64)]) {
      expect(() => postgresSchema({ schema })).toThrow(expect.objectContaining({ option: "schema" }));
    }
  });

  it("refuses what is no pool, an option that there is not, and one that cannot be used", () => {
    const refused = (options: unknown) => () => postgresStore(options as PostgresStoreOptions);
    expect(refused({ pool: new Client() })).toThrow(/single Client.*new Pool\(/);
    for (const none of [undefined, null, {}, "postgres://", () => {}]) {
      expect(refused({ pool: none })).toThrow(/needs a Pool of pg 8.*new Pool\(/);
    }
    expect(refused({ pool, table: "sessions" })).toThrow(expect.objectContaining({ option: "table" }));
    for (const app of ["", "a b", "x".repeat(65)]) {
      expect(refused({ pool, app })).toThrow(expect.objectContaining({ option: "app" }));
    }
    expect(refused({ pool, schema: "Pixy" })).toThrow(expect.objectContaining({ option: "schema" }));
  });

  it("keeps a session through a refresh, and nothing that anybody could read", async () => {
    const clock = createClock();
    const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, rotation: "strict" });
    const options: PixyOptions<unknown> = {
      ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: "https://app.example", now: clock.now },
      ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", fetch: provider.fetch },
      store: postgresStore({ pool, app: "sessions" }),
      onEvent: () => {},
    };
    const auth = createAuth(options);
    const tokens = provider.issueTokens({ clientId: options.clientId, person: "ada" });
    const [line = ""] = await issueSession(options, { tokens, data: undefined });
    const cookie = line.slice(0, line.indexOf(";"));
    const isLoggedIn = async () =>
      (await auth
        .open({ method: "GET", url: "/me", header: (name) => (name === "cookie" ? cookie : null) })
        .signedIn()) !== null;
    expect(await isLoggedIn()).toBe(true);
    clock.advance(hour + 1);
    expect([await isLoggedIn(), await isLoggedIn()]).toEqual([true, true]);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    const { rows } = await pool.query("SELECT * FROM pixy.records WHERE app = 'sessions'");
    expect(rows).toHaveLength(1);
    expect(rows[0].sealed).toMatch(/^[\w.-]+$/);
    for (const secret of [tokens.accessToken, tokens.refreshToken, cookie.slice(cookie.indexOf("=") + 1)]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
    provider.revokeGrants();
    clock.advance(hour + 1);
    expect(await isLoggedIn()).toBe(false);
  });
});

describe.skipIf(missing !== null)("postgres in trouble", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  it("loses nothing that it said it had when it is killed, and rejects while it is away", async () => {
    const pool = new Pool({ connectionString: server.url, connectionTimeoutMillis: 2_000 });
    await applyPostgresSchema(pool);
    const store = postgresStore({ pool });
    await store.create("a", "sealed", hour);
    const { fence } = await acquired(store, "a");
    expect(await store.commit("a", fence, "renewed", hour)).toBe("committed");
    const next = await acquired(store, "a");
    const restarted = server.restart();
    await expect(store.read("a")).rejects.toThrow(Error);
    await restarted;
    expect(await store.read("a")).toMatchObject({ sealed: "renewed", fence, intents: [{ fence: next.fence }] });
    expect((await store.acquire("a", times)).state).toBe("held");
    expect(await store.commit("a", next.fence, "again", hour)).toBe("committed");
    await pool.end();
  });

  it("rejects in time while it does not answer", async () => {
    const pool = new Pool({ connectionString: server.url, connectionTimeoutMillis: 300, query_timeout: 300 });
    await applyPostgresSchema(pool);
    const store = postgresStore({ pool });
    await store.create("b", "sealed", hour);
    server.signal("SIGSTOP");
    try {
      // One on the connection that is there, one on a connection that would have to be made.
      for (let round = 0; round < 2; round++) await expect(store.acquire("b", times)).rejects.toThrow(/timeout/i);
    } finally {
      server.signal("SIGCONT");
    }
    expect((await store.read("b"))?.sealed).toBe("sealed");
    await pool.end();
  });
});
