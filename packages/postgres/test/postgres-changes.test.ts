import { describeStore } from "@pixy/testing";
import { Client, Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { applyPostgresSchema, type PostgresListener, type PostgresStoreOptions, postgresStore } from "../src/index.ts";
import {
  missingPgBouncer,
  missingPostgres,
  type PostgresServer,
  startPgBouncer,
  startPostgres,
} from "./postgres-server.ts";

const missing = missingPostgres();
const name = "records in Postgres that are read once, and again when a process has changed them";
const hour = 3_600_000;

describe.skipIf(missing !== null)(missing ? `${name} (skipped; to enable: ${missing})` : name, () => {
  let server: PostgresServer;
  let pool: Pool;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url });
    pool.on("error", () => {});
    await applyPostgresSchema(pool);
  }, 60_000);
  afterAll(async () => {
    for (const close of closing) await close();
    await pool?.end();
    await server?.stop();
  });

  function client(url = server.url): Client {
    const made = new Client({ connectionString: url });
    closing.push(() => made.end().catch(() => {}));
    return made;
  }

  /** A process that listens, and how many round trips it has made for records. */
  function listening(options: Partial<PostgresStoreOptions> = {}) {
    let trips = 0;
    const counted = new Proxy(pool, {
      get(target, member) {
        const value = Reflect.get(target, member) as unknown;
        if (member !== "query") return typeof value === "function" ? value.bind(target) : value;
        return (text: string, values: unknown[]) => {
          if (!text.includes("v1_listen")) trips++;
          return target.query(text, values);
        };
      },
    });
    const store = postgresStore({ pool: counted, listenWith: () => client(), ...options });
    /** Reads until the record comes from memory. */
    const isCached = async (key: string) => {
      await vi.waitFor(
        async () => {
          await store.read(key);
          const before = trips;
          await store.read(key);
          expect(trips).toBe(before);
        },
        { timeout: 10_000 },
      );
    };
    return { store, isCached, trips: () => trips };
  }

  describeStore(
    { describe, it },
    {
      name: "with a connection that listens",
      create: () => ({ store: postgresStore({ pool, app: "contract", listenWith: () => client() }) }),
    },
  );

  it("a thousand reads are no round trip, until another process changes the record", async () => {
    const key = `${crypto.randomUUID()} \\ \0`;
    const others = postgresStore({ pool });
    const { store, trips, isCached } = listening();
    await others.create(key, "old", hour);
    await isCached(key);
    const before = trips();
    for (let i = 0; i < 1_000; i++) await store.read(key);
    expect(trips()).toBe(before);
    await others.replace(key, "new", hour);
    await vi.waitFor(async () => expect((await store.read(key))?.sealed).toBe("new"));
    const acquired = await others.acquire(key, { lease: 15_000, intent: 30_000 });
    if (acquired.state !== "acquired") throw new Error(acquired.state);
    await vi.waitFor(async () => expect((await store.read(key))?.intents).toHaveLength(1));
    await others.commit(key, acquired.fence, "newest", hour);
    await vi.waitFor(async () => expect((await store.read(key))?.sealed).toBe("newest"));
    await isCached(key);
    await others.delete(key);
    await vi.waitFor(async () => expect(await store.read(key)).toBeNull());
  });

  it("no read is stale once the notification of a change was delivered", async () => {
    const key = crypto.randomUUID();
    const others = postgresStore({ pool, app: "counted" });
    let delivered = 0;
    const { store, isCached } = listening({
      app: "counted",
      listenWith: () => {
        const made = client();
        const on: PostgresListener["on"] = (event, listener) =>
          made.on(event as "notification", (message) => {
            (listener as (told: typeof message) => void)(message);
            if (event === "notification" && message.payload?.endsWith(key)) delivered++;
          });
        const connect = () => made.connect();
        return { connect, query: (text) => made.query(text), end: () => made.end(), on } as PostgresListener;
      },
    });
    await others.create(key, "0", hour);
    await isCached(key);
    delivered = 0;
    let [stale, reads, isOver] = [0, 0, false];
    const reader = async (): Promise<void> => {
      while (!isOver) {
        const least = delivered;
        const stored = await store.read(key);
        reads++;
        if (Number(stored?.sealed) < least) stale++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const readers = Array.from({ length: 8 }, reader);
    // Each is one notification.
    for (let i = 1; i <= 300; i++) await others.replace(key, String(i), hour);
    await vi.waitFor(() => expect(delivered).toBe(300));
    isOver = true;
    await Promise.all(readers);
    expect([stale, reads > 300, (await store.read(key))?.sealed]).toEqual([0, true, "300"]);
  });

  it("while the connection is lost every read asks Postgres, and afterwards none has missed anything", async () => {
    const key = crypto.randomUUID();
    const others = postgresStore({ pool, app: "lost" });
    let isLost = false;
    const { store, isCached } = listening({
      app: "lost",
      listenWith: () => {
        const made = client();
        made.on("end", () => {
          isLost = true;
        });
        return made;
      },
    });
    await others.create(key, "old", hour);
    await isCached(key);
    await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN pixy'");
    await vi.waitFor(() => expect(isLost).toBe(true));
    await others.replace(key, "new", hour);
    expect((await store.read(key))?.sealed).toBe("new");
    await isCached(key);
    await others.replace(key, "newest", hour);
    await vi.waitFor(async () => expect((await store.read(key))?.sealed).toBe("newest"));
  });

  it("tells nobody where nobody keeps records in memory", async () => {
    const heard: unknown[] = [];
    const witness = client();
    witness.on("notification", ({ payload }) => heard.push(payload));
    await witness.connect();
    await witness.query("LISTEN pixy");
    const store = postgresStore({ pool, app: "alone" });
    await store.create("a", "sealed", hour);
    await store.replace("a", "again", hour);
    await store.delete("a");
    await witness.query("SELECT 1");
    expect(heard.filter((payload) => String(payload).includes("alone"))).toEqual([]);
  });

  it("waits for a change that has looked for listeners before there was one", async () => {
    const key = "a";
    const others = postgresStore({ pool, app: "early" });
    await others.create(key, "old", hour);
    const early = client();
    await early.connect();
    await early.query("BEGIN");
    await early.query("SELECT pixy.v1_begin('early', 'a', 'new', 3600000, true)");
    const { store, trips } = listening({ app: "early" });
    const isWaiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%v1_listen%'";
    await vi.waitFor(async () => {
      expect((await store.read(key))?.sealed).toBe("old");
      expect((await pool.query(isWaiting)).rows).toHaveLength(1);
    });
    const before = trips();
    await store.read(key);
    expect(trips()).toBe(before + 1);
    await early.query("COMMIT");
    expect((await store.read(key))?.sealed).toBe("new");
  });

  const noBouncer = missingPgBouncer();
  it.skipIf(noBouncer !== null)("keeps nothing in memory behind a pooler, which loses notifications", async () => {
    const bouncer = await startPgBouncer(server);
    closing.push(() => bouncer.stop());
    const { store, trips } = listening({ app: "pooled", listenWith: () => client(bouncer.url) });
    await store.create("a", "sealed", hour);
    await vi.waitFor(async () => {
      await store.read("a");
      expect((await pool.query("SELECT FROM pixy.listeners WHERE app = 'pooled'")).rows).toHaveLength(1);
    });
    const before = trips();
    for (let i = 0; i < 20; i++) await store.read("a");
    expect(trips() - before).toBe(20);
  });

  it("maxStaleMs 0 reads each time, and one that cannot be used is refused", async () => {
    const { store, trips } = listening({ maxStaleMs: 0 });
    await store.create("each", "sealed", hour);
    const before = trips();
    for (let i = 0; i < 10; i++) await store.read("each");
    expect(trips() - before).toBe(10);
    expect(() => postgresStore({ pool, maxStaleMs: -1 })).toThrow(/maxStaleMs/);
  });
});
