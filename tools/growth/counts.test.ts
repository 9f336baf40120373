import { applyPostgresSchema, type PostgresPool, postgresStore } from "@pixy/postgres";
import { fromNodeRedis, type RedisClient, redisStore } from "@pixy/redis";
import { memoryStore, type RecordStore } from "@pixy/server";
import { createClock } from "@pixy/testing";
import { Client, Pool } from "pg";
import { createClient } from "redis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { countWork } from "../../tests/lib/counting.ts";
import { type PostgresServer, startPostgres, withPostgres } from "../../tests/lib/postgres.ts";
import { findRedis, type Redis, withRedis } from "../../tests/lib/redis.ts";
import { createWebApp } from "../../tests/lib/web-app.ts";

/** A store, what it was asked since, and when everything that it needs stands. */
interface Counted {
  readonly store: RecordStore | undefined;
  trips(): number;
  ready?(): Promise<void>;
}

/** What is done in turn: one person, whose second process has seen nothing of them. */
const acts = ["a login", "its callback", "the first request", "the next request", "a refresh", "a logout"] as const;

interface Costs {
  /** Round trips to the store. */
  readonly trips: number;
  readonly decryptions: number;
  readonly encryptions: number;
  readonly digests: number;
  /** Octets of the Cookie header, and of the headers of the answer. */
  readonly sent: number;
  readonly answered: number;
}

async function costsOf(counted: Counted): Promise<Costs[]> {
  const clock = createClock();
  const { store } = counted;
  const options = { ...(store && { store }), onEvent: () => {} };
  const one = createWebApp({ clock, options });
  const other = createWebApp({ clock, options: { ...options, fetch: one.provider.fetch } });
  await counted.ready?.();
  const jar = new Map<string, string>();
  const work = countWork();
  const costs: Costs[] = [];
  const ask = async (app: typeof one, path: string, headers: Record<string, string> = {}, method = "GET") => {
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const before = counted.trips();
    work.take();
    const request = new Request(`${app.origin}${path}`, { method, headers: { ...headers, cookie } });
    const answer = await app.fetch(request);
    const { decryptions, encryptions, digests } = work.take();
    const lines = [...answer.headers].map(([name, value]) => name.length + value.length + 4);
    const answered = lines.reduce((sum, octets) => sum + octets, 0);
    costs.push({
      ...{ trips: counted.trips() - before, decryptions, encryptions, digests },
      ...{ sent: cookie.length, answered },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = line.slice(0, line.indexOf(";")).split("=");
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const login = await ask(one, "/auth/login");
  const callback = new URL(await one.provider.authorize(login.headers.get("location") ?? "", { person: "ada" }));
  await ask(one, callback.pathname + callback.search);
  for (let count = 0; count < 2; count++) expect((await ask(other, "/me")).status).toBe(200);
  clock.advance(3_600_000);
  expect((await ask(other, "/me")).status).toBe(200);
  const form = { "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  expect((await ask(other, "/auth/logout", form, "POST")).status).toBe(303);
  vi.restoreAllMocks();
  return costs;
}

const page = (tables: readonly string[]) => `# Counts

What one request costs, by counts that no load of the machine changes: written and held by [a test](../tools/growth/counts.test.ts)
(\`npx -y pnpm@12 exec vitest run --project tools counts -u\` writes it anew; look at what has changed before you keep it). A person logs in at one process of an app
without a framework, and then asks another one that has seen nothing of them. The provider answers at once. Most of what a request may cost is in [bounds](bounds.md).

*Trips*: round trips to the store. *Opened*, *sealed*, *hashed*: decryptions, encryptions and digests of WebCrypto. *Sent*: octets of the Cookie header.
*Answered*: octets of the answer's headers.

${tables.join("\n")}`;

function table(name: string, costs: readonly Costs[]): string {
  const rows = costs.map(
    (one, index) =>
      `| ${acts[index]} | ${one.trips} | ${one.decryptions} | ${one.encryptions} | ${one.digests} | ${one.sent} | ${one.answered} |`,
  );
  const head = "| | trips | opened | sealed | hashed | sent | answered |\n| --- | --- | --- | --- | --- | --- | --- |";
  return `## ${name}\n\n${head}\n${rows.join("\n")}\n`;
}

withRedis("what a request costs", () => {
  withPostgres("in each store", () => {
    let redis: Redis | undefined;
    let postgres: PostgresServer | undefined;
    const closing: (() => unknown)[] = [];
    beforeAll(async () => {
      [redis, postgres] = await Promise.all([findRedis()?.start(), startPostgres()]);
    }, 60_000);
    afterAll(async () => {
      for (const close of closing) await close();
      await Promise.all([redis?.stop(), postgres?.stop()]);
    });

    /** Reads until a record comes from memory: from then on all changes are heard. */
    const listens = (store: RecordStore, trips: () => number) => async () => {
      const key = crypto.randomUUID();
      await store.create(key, "sealed", 60_000);
      await vi.waitFor(
        async () => {
          await store.read(key);
          const before = trips();
          await store.read(key);
          expect(trips()).toBe(before);
        },
        { timeout: 10_000 },
      );
    };

    async function inRedis(isListening: boolean): Promise<Counted> {
      const client = await createClient({ url: redis?.url ?? "" }).connect();
      const subscriber = await client.duplicate().connect();
      closing.push(
        () => client.destroy(),
        () => subscriber.destroy(),
      );
      let count = 0;
      const { evalScript } = fromNodeRedis(client);
      const counting: RedisClient = {
        evalScript(script, keys, parameters) {
          if (!script.includes('"PUBLISH", ARGV[1]')) count++;
          return evalScript(script, keys, parameters);
        },
      };
      const trips = () => count;
      const store = redisStore(counting, { prefix: `${isListening}:`, ...(isListening && { subscriber }) });
      return { store, trips, ...(isListening && { ready: listens(store, trips) }) };
    }

    async function inPostgres(isListening: boolean): Promise<Counted> {
      const pool = new Pool({ connectionString: postgres?.url });
      await applyPostgresSchema(pool);
      closing.unshift(() => pool.end());
      let count = 0;
      const counting: PostgresPool = {
        query(text, values) {
          if (!text.includes("v1_listen")) count++;
          return pool.query(text, values);
        },
        connect: () => pool.connect(),
        on: (event, listener) => pool.on(event, listener),
        totalCount: 0,
      };
      const trips = () => count;
      const listenWith = () => {
        const client = new Client({ connectionString: postgres?.url });
        closing.unshift(() => client.end());
        return client;
      };
      const store = postgresStore({ pool: counting, app: `${isListening}`, ...(isListening && { listenWith }) });
      return { store, trips, ...(isListening && { ready: listens(store, trips) }) };
    }

    /** What is asked of a store in memory is no round trip. */
    const stores: Readonly<Record<string, () => Counted | Promise<Counted>>> = {
      "The cookie": () => ({ store: undefined, trips: () => 0 }),
      "`memoryStore`": () => ({ store: memoryStore(), trips: () => 0 }),
      "`redisStore`": () => inRedis(false),
      "`redisStore` with a subscriber": () => inRedis(true),
      "`postgresStore`": () => inPostgres(false),
      "`postgresStore` with `listenWith`": () => inPostgres(true),
    };

    it("is what docs/counts.md says", { timeout: 60_000 }, async () => {
      const tables: string[] = [];
      for (const [name, make] of Object.entries(stores)) {
        const counted = await make();
        // What is done once in a process, such as the digest of a script, is no part of it.
        await costsOf(counted);
        tables.push(table(name, await costsOf(counted)));
      }
      await expect(page(tables)).toMatchFileSnapshot("../../docs/counts.md");
    });
  });
});
