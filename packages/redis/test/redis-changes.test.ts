import { describeStore } from "@pixy/testing";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fromNodeRedis, type RedisClient, type RedisStoreOptions, redisStore } from "../src/index.ts";
import { missingRedis, type RedisServer, startRedis } from "./redis-server.ts";

const missing = missingRedis();
const name = "records that are read once, and again when a process has changed them";

describe.skipIf(missing !== null)(missing ? `${name} (skipped; to enable: ${missing})` : name, () => {
  let server: RedisServer;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await server?.stop();
  });

  async function nodeRedis() {
    const client = createClient({
      url: `redis://127.0.0.1:${server.port}`,
      socket: { reconnectStrategy: 20 },
    });
    client.on("error", () => {});
    await client.connect();
    closing.push(() => client.destroy());
    return client;
  }

  /** A process that listens, and how many round trips it has made. */
  async function listening(options: RedisStoreOptions = {}) {
    const client = await nodeRedis();
    const subscriber = await nodeRedis();
    const { evalScript } = fromNodeRedis(client);
    let trips = 0;
    const counted: RedisClient = {
      evalScript(script, keys, parameters) {
        if (!script.includes('"PUBLISH", ARGV[1]')) trips++;
        return evalScript(script, keys, parameters);
      },
    };
    const store = redisStore(counted, { subscriber, ...options });
    /** Reads until the record comes from memory. */
    const isCached = async (key: string) => {
      await vi.waitFor(async () => {
        await store.read(key);
        const before = trips;
        await store.read(key);
        expect(trips).toBe(before);
      });
    };
    return { store, subscriber, isCached, trips: () => trips };
  }

  const subscribers = {
    "node-redis": nodeRedis,
    ioredis: async () => {
      const client = new Redis({ host: "127.0.0.1", port: server.port, retryStrategy: () => 20 });
      client.on("error", () => {});
      closing.push(() => client.disconnect());
      return client;
    },
  };

  for (const [client, connect] of Object.entries(subscribers)) {
    describeStore(
      { describe, it },
      {
        name: `with a subscriber of ${client}`,
        create: async () => ({ store: redisStore(await connect(), { subscriber: await connect() }) }),
      },
    );

    it(`${client}: a thousand reads are one round trip, until another process changes the record`, async () => {
      const key = crypto.randomUUID();
      const others = redisStore(await nodeRedis());
      const { store, trips, isCached } = await listening({ subscriber: await connect() });
      await others.create(key, "old", 600_000);
      await isCached(key);
      const before = trips();
      for (let i = 0; i < 1_000; i++) await store.read(key);
      expect(trips()).toBe(before);
      await others.replace(key, "new", 600_000);
      await vi.waitFor(async () => expect((await store.read(key))?.sealed).toBe("new"));
      await others.delete(key);
      await vi.waitFor(async () => expect(await store.read(key)).toBeNull());
    });
  }

  it("no read is stale once the message of a change was delivered", async () => {
    const key = crypto.randomUUID();
    const others = redisStore(await nodeRedis());
    const subscriber = await nodeRedis();
    let delivered = 0;
    let stale = 0;
    let reads = 0;
    const watched = {
      on: subscriber.on.bind(subscriber),
      subscribe: (channel: string, listener: (message: string) => void) =>
        subscriber.subscribe(channel, (message) => {
          listener(message);
          if (message.endsWith(key)) delivered++;
        }),
    };
    const { store, isCached } = await listening({ subscriber: watched });
    await others.create(key, "0", 600_000);
    await isCached(key);
    delivered = 0;
    let isOver = false;
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
    // Each is one message.
    for (let i = 1; i <= 300; i++) await others.replace(key, String(i), 600_000);
    await vi.waitFor(() => expect(delivered).toBe(300));
    isOver = true;
    await Promise.all(readers);
    expect([stale, reads > 300, (await store.read(key))?.sealed]).toEqual([0, true, "300"]);
  });

  it("while the channel is lost every read asks Redis, and afterwards none has missed anything", async () => {
    const key = crypto.randomUUID();
    const admin = await nodeRedis();
    const others = redisStore(await nodeRedis());
    const { store, subscriber, isCached } = await listening();
    await others.create(key, "old", 600_000);
    await isCached(key);
    const lost = new Promise((resolve) => subscriber.once("reconnecting", () => resolve(null)));
    await admin.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
    await lost;
    await others.replace(key, "new", 600_000);
    expect((await store.read(key))?.sealed).toBe("new");
    await isCached(key);
    expect((await store.read(key))?.sealed).toBe("new");
    await others.replace(key, "newest", 600_000);
    await vi.waitFor(async () => expect((await store.read(key))?.sealed).toBe("newest"));
  });

  it("a server that comes back empty is believed", async () => {
    const key = crypto.randomUUID();
    const { store, isCached } = await listening();
    await store.create(key, "sealed", 600_000);
    await isCached(key);
    await server.restart();
    await vi.waitFor(async () => expect(await store.read(key)).toBeNull(), { timeout: 10_000 });
  });

  it("maxStaleMs 0 reads each time", async () => {
    const key = crypto.randomUUID();
    const { store, trips } = await listening({ maxStaleMs: 0 });
    await store.create(key, "sealed", 600_000);
    const before = trips();
    for (let i = 0; i < 10; i++) await store.read(key);
    expect(trips() - before).toBe(10);
  });

  it("names what cannot be used", async () => {
    const client: RedisClient = { evalScript: async () => null };
    expect(() => redisStore(client, { subscriber: {} as never })).toThrow(/client\.duplicate\(\)/);
    expect(() => redisStore(client, { maxStaleMs: -1 })).toThrow(/maxStaleMs/);
  });
});
