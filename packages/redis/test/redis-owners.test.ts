import { describeStore } from "@pixy/testing";
import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { freePort, missingRedis, type RedisServer, startRedis } from "./redis-server.ts";

const missing = missingRedis();
const hour = 3_600_000;

const storeOf = (client: Redis | Cluster, prefix: string) => {
  const store = redisStore(client, { prefix });
  if (!store.index || !store.epochs) throw new Error("The store has no index or no epochs.");
  return { index: store.index, epochs: store.epochs };
};

describe.skipIf(missing !== null)("index and epochs in Redis", () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis("--maxmemory-policy", "noeviction");
    client = new Redis({ host: "127.0.0.1", port: server.port });
  });
  afterAll(async () => {
    client?.disconnect();
    await server?.stop();
  });

  const keys = (prefix: string) => client.keys(`${prefix}*`);

  it("end with what they are about: every key has a time to live, and a removed hint leaves nothing", async () => {
    const { index, epochs } = storeOf(client, "ends:");
    for (let number = 0; number < 100; number++) await index.add(`${number}`, { owner: "ada", due: number }, hour);
    await index.add("0", { owner: "ada", due: 1 }, 1_000);
    await epochs.advance("ada", hour);
    await epochs.advance("ada", 1_000);
    const found = await keys("ends:");
    expect(found).toHaveLength(16 * 4 + 1);
    for (const key of found) expect(await client.pttl(key)).toBeGreaterThan(hour - 60_000);
    for (let number = 0; number < 100; number++) await index.remove(`${number}`);
    expect(await keys("ends:")).toEqual(["ends:1-epoch:ada"]);
  });

  it("drop what has ended when something else is noted", async () => {
    const { index } = storeOf(client, "swept:");
    for (let number = 0; number < 100; number++) await index.add(`${number}`, { owner: "ada", due: 0 }, 1);
    for (let number = 100; number < 400; number++) await index.add(`${number}`, { owner: null, due: null }, hour);
    let kept = 0;
    for (const key of await keys("swept:*notes")) kept += await client.hlen(key);
    expect(kept).toBe(300);
    expect([await index.ofOwner("ada"), await index.dueWithin(hour, 10)]).toEqual([[], []]);
  });

  it("share the records evenly among sixteen parts", async () => {
    const { index } = storeOf(client, "spread:");
    for (let number = 0; number < 1_600; number++) {
      await index.add(`record ${number}`, { owner: `${number % 2}`, due: (1_600 - number) * 1_000 }, hour);
    }
    const parts = await Promise.all((await keys("spread:*notes")).map((key) => client.hlen(key)));
    expect([parts.length, Math.min(...parts) > 60, Math.max(...parts) < 140]).toEqual([16, true, true]);
    expect(await index.ofOwner("0")).toHaveLength(800);
    expect(await index.dueWithin(hour, 3)).toEqual(["record 1599", "record 1598", "record 1597"]);
  });

  it("keep apart owners and keys that look alike", async () => {
    const { index } = storeOf(client, "alike:");
    await index.add("b:c", { owner: "a", due: null }, hour);
    await index.add("c", { owner: "a:b", due: null }, hour);
    await index.add("", { owner: "1:a", due: null }, hour);
    expect([await index.ofOwner("a"), await index.ofOwner("a:b"), await index.ofOwner("1:a")]).toEqual([
      ["b:c"],
      ["c"],
      [""],
    ]);
  });

  it("take one round trip to write and sixteen commands, sent at once, to ask", async () => {
    const { index, epochs } = storeOf(client, "trips:");
    const sent: string[] = [];
    const send = client.sendCommand.bind(client);
    const countOf = async (operation: () => unknown) => {
      await operation();
      sent.length = 0;
      client.sendCommand = (command, ...rest) => {
        sent.push(command.name);
        return send(command, ...rest);
      };
      await operation();
      client.sendCommand = send;
      expect(new Set(sent)).toEqual(new Set(["evalsha"]));
      return sent.length;
    };
    expect(await countOf(() => index.add("a", { owner: "ada", due: 1 }, hour))).toBe(1);
    expect(await countOf(() => index.remove("a"))).toBe(1);
    expect(await countOf(() => index.ofOwner("ada"))).toBe(16);
    expect(await countOf(() => index.dueWithin(hour, 10))).toBe(16);
    expect(await countOf(() => epochs.advance("ada", hour))).toBe(1);
    expect(await countOf(() => epochs.of("ada"))).toBe(1);
  });

  it("give no count twice, also where Redis has lost the last one", async () => {
    const { epochs } = storeOf(client, "lost:");
    const before = await epochs.advance("ada", hour);
    await client.del(...(await keys("lost:")));
    const [seconds, microseconds] = await client.time();
    expect(Math.floor(Number(seconds) * 1_000 + Number(microseconds) / 1_000) >= before).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(await epochs.advance("ada", hour)).toBeGreaterThan(before);
  });

  it("note a known record anew in a full Redis, and no other", async () => {
    const { index } = storeOf(client, "full:");
    await index.add("known", { owner: "ada", due: 0 }, hour);
    await index.add("gone", { owner: "ada", due: 0 }, hour);
    await client.config("SET", "maxmemory", "1");
    try {
      await index.add("known", { owner: "ada", due: 1_000 }, hour);
      await index.remove("gone");
      await expect(async () => index.add("new", { owner: "ada", due: 0 }, hour)).rejects.toThrow(/OOM/);
      expect([await index.ofOwner("ada"), await index.dueWithin(0, 10)]).toEqual([["known"], []]);
    } finally {
      await client.config("SET", "maxmemory", "0");
    }
  });
});

describe.skipIf(missing !== null)("a cluster", () => {
  let server: RedisServer;
  beforeAll(async () => {
    const busPort = String(await freePort());
    server = await startRedis(
      ...["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", busPort],
    );
    const node = new Redis({ host: "127.0.0.1", port: server.port });
    await node.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
    while (!String(await node.cluster("INFO")).includes("cluster_state:ok")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    node.disconnect();
  });
  afterAll(() => server?.stop());

  // One node refuses what spans slots as three do.
  describeStore(
    { describe, it },
    {
      name: "one node with all slots",
      create: () => {
        const client = new Cluster([{ host: "127.0.0.1", port: server.port }]);
        return { store: redisStore(client), close: async () => client.disconnect() };
      },
    },
  );
});
