import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock, describeStore } from "@pixy/testing";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fromIoredis, redisStore } from "../src/index.ts";
import { missingRedis, type RedisServer, startRedis } from "./redis-server.ts";

const missing = missingRedis();
const day = 86_400_000;

describe.skipIf(missing !== null)(missing ? `redis (skipped; to enable: ${missing})` : "redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  async function withIoredis<T>(body: (client: Redis) => Promise<T>, port: number = server.port): Promise<T> {
    const client = new Redis({ host: "127.0.0.1", port });
    client.on("error", () => {});
    try {
      return await body(client);
    } finally {
      client.disconnect();
    }
  }

  describeStore(
    { describe, it },
    {
      name: "ioredis",
      create: () => {
        const client = new Redis({ host: "127.0.0.1", port: server.port });
        return { store: redisStore(client), close: async () => client.disconnect() };
      },
    },
  );

  describeStore(
    { describe, it },
    {
      name: "node-redis",
      create: async () => {
        const client = await createClient({ url: `redis://127.0.0.1:${server.port}` }).connect();
        return { store: redisStore(client), close: async () => client.destroy() };
      },
    },
  );

  describeStore(
    { describe, it },
    {
      name: "two processes' clients, in turns",
      create: async () => {
        const one = new Redis({ host: "127.0.0.1", port: server.port, stringNumbers: true });
        const two = await createClient({ url: `redis://127.0.0.1:${server.port}` }).connect();
        let turn = 0;
        const stores = [redisStore(one), redisStore(two)] as const;
        const store = new Proxy(stores[0], {
          get: (_store, property) => {
            const next = stores[turn++ % 2] as unknown as Record<PropertyKey, unknown>;
            return next[property];
          },
        });
        return {
          store,
          close: async () => {
            one.disconnect();
            two.destroy();
          },
        };
      },
    },
  );

  it("needs one key per session, and every key has a time to live", () =>
    withIoredis(async (client) => {
      const prefix = `${crypto.randomUUID()}:`;
      const store = redisStore(client, { prefix });
      const keys = () => client.keys(`${prefix}*`);
      const expectKey = async () => {
        const found = await keys();
        expect(found).toEqual([`${prefix}1:a`]);
        expect(await client.pttl(found[0] as string)).toBeGreaterThan(0);
      };
      await store.create("a", "sealed", 60_000);
      await expectKey();
      for (const finish of [
        (fence: number) => store.release("a", fence, { pause: 1_000, note: "1" }),
        (fence: number) => store.commit("a", fence, "renewed", 60_000),
        (fence: number) => store.end("a", fence, 60_000),
      ]) {
        const acquired = await store.acquire("a", { lease: 15_000, intent: 30_000 });
        if (acquired.state !== "acquired") throw new Error(acquired.state);
        await expectKey();
        await finish(acquired.fence);
        await expectKey();
      }
      await store.replace("a", "another", 60_000);
      await expectKey();
      await store.delete("a");
      await store.touch("a", 60_000);
      await store.release("a", 7, { pause: 1_000, note: "1" });
      expect(await keys()).toEqual([]);
    }));

  it("remembers the fences of a deleted record for a minute, whoever touches it", () =>
    withIoredis(async (client) => {
      const store = redisStore(client, { prefix: "deleted:" });
      await store.create("a", "sealed", 3_600_000);
      await store.acquire("a", { lease: 15_000, intent: 30_000 });
      await store.delete("a");
      await store.touch("a", 3_600_000);
      await store.delete("a");
      const left = await client.pttl("deleted:1:a");
      expect([left > 0, left <= 60_000]).toEqual([true, true]);
      expect(await client.hkeys("deleted:1:a")).not.toContain("sealed");
      expect([await store.read("a"), await store.create("a", "again", 3_600_000)]).toEqual([null, "created"]);
      expect(await client.pttl("deleted:1:a")).toBeGreaterThan(60_000);
    }));

  it("takes one round trip per operation", () =>
    withIoredis(async (client) => {
      const store = redisStore(client);
      const sent: string[] = [];
      const operations = async () => {
        await store.create("trips", "sealed", 60_000);
        await store.read("trips");
        const acquired = await store.acquire("trips", { lease: 15_000, intent: 30_000 });
        if (acquired.state !== "acquired") throw new Error(acquired.state);
        await store.release("trips", acquired.fence);
        await store.commit("trips", acquired.fence, "renewed", 60_000);
        await store.touch("trips", 60_000);
        await store.replace("trips", "sealed", 60_000);
        await store.delete("trips");
      };
      await operations();
      const send = client.sendCommand.bind(client);
      client.sendCommand = (command, ...rest) => {
        sent.push(command.name);
        return send(command, ...rest);
      };
      await operations();
      expect(sent).toEqual(Array.from({ length: 8 }, () => "evalsha"));
    }));

  it("runs again on a server that has forgotten the scripts", () =>
    withIoredis(async (client) => {
      const store = redisStore(client);
      await store.create("forgotten", "sealed", 60_000);
      await client.script("FLUSH");
      expect((await store.read("forgotten"))?.sealed).toBe("sealed");
      await client.script("FLUSH");
      expect((await store.acquire("forgotten", { lease: 15_000, intent: 30_000 })).state).toBe("acquired");
    }));

  it("gives a worker its own lease again when the client sends the command twice", () =>
    withIoredis(async (client) => {
      const once = fromIoredis(client);
      const twice = redisStore({
        evalScript: async (...input) => {
          await once.evalScript(...input);
          return once.evalScript(...input);
        },
      });
      expect(await twice.create("resent", "sealed", 60_000)).toBe("created");
      const acquired = await twice.acquire("resent", { lease: 15_000, intent: 30_000 });
      if (acquired.state !== "acquired") throw new Error(acquired.state);
      expect(acquired.stored.intents).toEqual([]);
      expect(await twice.commit("resent", acquired.fence, "renewed", 60_000)).toBe("committed");
      const next = await twice.acquire("resent", { lease: 15_000, intent: 30_000 });
      if (next.state !== "acquired") throw new Error(next.state);
      expect(await twice.end("resent", next.fence, 60_000)).toBe("committed");
    }));

  it("hands out a higher fence although a failover lost the last one", () =>
    withIoredis(async (client) => {
      const store = redisStore(client, { prefix: "failover:" });
      await store.create("a", "sealed", 60_000);
      const before = await client.dumpBuffer("failover:1:a");
      const lost = await store.acquire("a", { lease: 15_000, intent: 30_000 });
      await client.restore("failover:1:a", 60_000, before, "REPLACE");
      // The next millisecond of Redis' clock.
      const [seconds, micros] = await client.time();
      const moment = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      for (;;) {
        const [s, us] = await client.time();
        if (Number(s) * 1_000 + Math.floor(Number(us) / 1_000) > moment) break;
      }
      const next = await store.acquire("a", { lease: 15_000, intent: 30_000 });
      if (lost.state !== "acquired" || next.state !== "acquired") throw new Error("not acquired");
      expect(next.fence).toBeGreaterThan(lost.fence);
    }));

  it("opens a record that the first release has written, with a refresh on its way and without", () =>
    withIoredis(async (client) => {
      const store = redisStore(client, { prefix: "first:" });
      const [seconds] = await client.time();
      const soon = (Number(seconds) + 60) * 1_000;
      const record = { fence: 3, issued: 5, sealed: "sealed", failures: 2, pause: 0 };
      const busy = { ...record, intents: `5:${soon}`, lease: 5, leased: soon, owner: "somebody" };
      for (const [key, fields] of Object.entries({ rest: record, busy })) {
        await client.hset(`first:1:${key}`, fields);
        await client.pexpire(`first:1:${key}`, 60_000);
      }
      expect(await store.read("rest")).toEqual({
        ...{ sealed: "sealed", fence: 3, ended: false, pause: 0, note: null, intents: [] },
      });
      expect(await store.acquire("rest", { lease: 15_000, intent: 30_000 })).toMatchObject({ state: "acquired" });
      expect(await store.read("busy")).toMatchObject({ fence: 3, intents: [{ fence: 5 }] });
      expect((await store.acquire("busy", { lease: 15_000, intent: 30_000 })).state).toBe("held");
      expect(await store.commit("busy", 5, "renewed", 60_000)).toBe("committed");
      expect(await store.read("busy")).toMatchObject({ sealed: "renewed", fence: 5, intents: [], note: null });
    }));

  it("remembers a session that the provider has refused for a day, however it is asked for", () =>
    withIoredis(async (client) => {
      const clock = createClock();
      const provider = createAuthorizationServer({ clock, issuer: spotify.issuer });
      const options: PixyOptions<unknown> = {
        ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: "https://app.example", now: clock.now },
        ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", fetch: provider.fetch },
        store: redisStore(client, { prefix: "refused:" }),
      };
      const auth = createAuth(options);
      const tokens = provider.issueTokens({ clientId: options.clientId, person: "ada" });
      const [line = ""] = await issueSession(options, { tokens, data: undefined });
      const cookie = line.slice(0, line.indexOf(";"));
      const isLoggedIn = async () =>
        (await auth
          .open({ method: "GET", url: "/me", header: (name) => (name === "cookie" ? cookie : null) })
          .signedIn()) !== null;
      const [key = ""] = await client.keys("refused:*");
      expect([await isLoggedIn(), (await client.pttl(key)) > 29 * day]).toEqual([true, true]);
      provider.revokeGrants();
      clock.advance(3_600_001);
      expect(await isLoggedIn()).toBe(false);
      const left = await client.pttl(key);
      expect([left > 0, left <= day]).toEqual([true, true]);
      await options.store?.touch(key.slice("refused:1:".length), 30 * day);
      expect(await client.pttl(key)).toBeLessThanOrEqual(day);
      await client.pexpire(key, 0);
      expect([await isLoggedIn(), await client.keys("refused:*")]).toEqual([false, []]);
      expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
    }));

  it("keeps the data of a session as JSON does, as every store", () =>
    withIoredis(async (client) => {
      const options: PixyOptions<object> = {
        ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: "https://app.example" },
        ...{ secret: "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q", store: redisStore(client, { prefix: "data:" }) },
        onLogin: () => ({}),
      };
      const issue = (data: object) => issueSession(options, { tokens: { accessToken: "access" }, data });
      await expect(issue({ createdAt: new Date(0) })).rejects.toThrow("data.createdAt is a Date.");
      const [line = ""] = await issue({ name: "Ada", nobody: undefined });
      const cookie = line.slice(0, line.indexOf(";"));
      const header = (name: string) => (name === "cookie" ? cookie : null);
      const session = await createAuth(options).open({ method: "GET", url: "/", header }).session();
      expect(session?.data).toStrictEqual({ name: "Ada" });
    }));

  it("refuses an option that there is not", () => {
    const client = { eval: async () => null, evalsha: async () => null };
    expect(() => redisStore(client as never, { keyPrefix: "app:" } as object)).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "keyPrefix" }),
    );
  });

  it("refuses what is no client", () => {
    expect(() => redisStore({} as never)).toThrow(/createClient\(\) of redis 4-6 or new Redis\(\) of ioredis 5-6/);
    expect(() => redisStore(null as never)).toThrow(TypeError);
  });
});

describe.skipIf(missing !== null)("redis in trouble", () => {
  const lease = { lease: 15_000, intent: 30_000 };

  it("saves a refreshed record even when the memory is full, and begins no refresh and no record then", async () => {
    const server = await startRedis("--maxmemory-policy", "noeviction");
    const client = new Redis({ host: "127.0.0.1", port: server.port });
    try {
      const store = redisStore(client);
      for (const key of ["a", "b", "c"]) await store.create(key, "sealed", 60_000);
      const acquired = await store.acquire("a", lease);
      if (acquired.state !== "acquired") throw new Error(acquired.state);
      await client.config("SET", "maxmemory", "1");
      expect(await store.commit("a", acquired.fence, "renewed", 60_000)).toBe("committed");
      expect((await store.read("a"))?.sealed).toBe("renewed");
      await expect(store.acquire("b", lease)).rejects.toThrow(/OOM/);
      await expect(store.create("d", "sealed", 60_000)).rejects.toThrow(/OOM/);
      await expect(store.replace("d", "sealed", 60_000)).rejects.toThrow(/OOM/);
      await store.replace("c", "another", 60_000);
      expect((await store.read("c"))?.sealed).toBe("another");
      for (const key of ["a", "c"]) {
        await store.delete(key);
        expect(await store.read(key)).toBe(null);
      }
    } finally {
      client.disconnect();
      await server.stop();
    }
  });

  it("treats an evicted session as gone, whole and for good", async () => {
    const server = await startRedis("--maxmemory-policy", "allkeys-random");
    const client = new Redis({ host: "127.0.0.1", port: server.port });
    try {
      const store = redisStore(client);
      await store.create("a", "sealed", 60_000);
      const acquired = await store.acquire("a", lease);
      if (acquired.state !== "acquired") throw new Error(acquired.state);
      await client.config("SET", "maxmemory", "1");
      // Any command that may grow the memory makes Redis evict.
      await client.set("x", "y").catch(() => {});
      await client.config("SET", "maxmemory", "0");
      expect(await client.dbsize()).toBe(0);
      expect(await store.commit("a", acquired.fence, "renewed", 60_000)).toBe("gone");
      expect(await store.read("a")).toBe(null);
      expect(await client.dbsize()).toBe(0);
    } finally {
      client.disconnect();
      await server.stop();
    }
  });

  it("passes on the client's time limit while Redis does not answer", async () => {
    const server = await startRedis();
    const patient = new Redis({ host: "127.0.0.1", port: server.port });
    const ioredis = new Redis({ host: "127.0.0.1", port: server.port, commandTimeout: 2_000 });
    const nodeRedis = createClient({
      disableOfflineQueue: true,
      socket: { host: "127.0.0.1", port: server.port, socketTimeout: 1_000 },
    });
    nodeRedis.on("error", () => {});
    ioredis.on("error", () => {});
    try {
      await nodeRedis.connect();
      await redisStore(patient).create("a", "sealed", 60_000);
      await redisStore(ioredis).read("a");
      await patient.client("PAUSE", 60_000, "ALL");
      // Its words depend on whether the limit ends this command or ended the connection before.
      await expect(redisStore(nodeRedis).acquire("a", lease)).rejects.toThrow(Error);
      await expect(redisStore(ioredis).acquire("a", lease)).rejects.toThrow(/timed out/);
    } finally {
      for (const client of [patient, ioredis]) client.disconnect();
      if (nodeRedis.isOpen) nodeRedis.destroy();
      await server.stop();
    }
  });

  it("rejects while Redis is away, and goes on with what a restarted one has", async () => {
    const server = await startRedis();
    const client = new Redis({
      host: "127.0.0.1",
      port: server.port,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 20,
    });
    client.on("error", () => {});
    try {
      const store = redisStore(client);
      await store.create("a", "sealed", 60_000);
      const acquired = await store.acquire("a", lease);
      if (acquired.state !== "acquired") throw new Error(acquired.state);
      await server.restart();
      let answer: string | undefined;
      while (answer === undefined) {
        try {
          answer = await store.commit("a", acquired.fence, "renewed", 60_000);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      expect(answer).toBe("gone");
      expect(await store.read("a")).toBe(null);
    } finally {
      client.disconnect();
      await server.stop();
    }
  });
});
