import type { RecordStore } from "@pixy/grants";
import { type IoredisClient, type NodeRedisClient, type RedisSubscriber, redisStore } from "@pixy/redis";
import * as ioredis from "ioredis";
import * as ioredis5 from "ioredis5";
import * as iovalkey from "iovalkey";
import * as redis from "redis";
import * as redis5 from "redis5";
import type { EngineName } from "./servers.ts";

/** One that listens has a second connection, and reads from memory what nobody has changed. */
export const clientNames = [
  "redis 6",
  "redis 6, listening",
  "redis 5",
  "ioredis 6",
  "ioredis 6, listening",
  "ioredis 5",
  "iovalkey",
] as const;
export type ClientName = (typeof clientNames)[number];

/** How a process comes to a store. */
export interface EngineAddress {
  readonly client: ClientName;
  readonly engine: EngineName;
  readonly ports: readonly number[];
}

export interface Connection {
  readonly store: RecordStore;
  close(): Promise<void>;
}

/** Opens a store by one of the clients, with the time limits that the README gives. */
export async function connect(
  client: ClientName,
  engine: EngineName,
  ports: readonly number[],
  prefix: string,
): Promise<Connection> {
  const [name, listens] = client.split(", ") as [keyof typeof modules, string?];
  const open = async () =>
    name.startsWith("redis")
      ? openNodeRedis(modules[name] as typeof redis, engine, ports)
      : openIoredis(modules[name] as typeof ioredis, engine, ports);
  const opened = await open();
  if (listens === undefined) return { store: redisStore(opened.client, { prefix }), close: opened.close };
  const second = await open();
  return {
    store: redisStore(opened.client, { prefix, subscriber: second.client as unknown as RedisSubscriber }),
    close: async () => void (await Promise.all([opened.close(), second.close()])),
  };
}

const modules = { "redis 6": redis, "redis 5": redis5, "ioredis 6": ioredis, "ioredis 5": ioredis5, iovalkey } as const;
const host = "127.0.0.1";

async function openNodeRedis(module: typeof redis, engine: EngineName, ports: readonly number[]) {
  const socket = {
    connectTimeout: 2_000,
    socketTimeout: 3_000,
    reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1_000),
  };
  const limits = { disableOfflineQueue: true, pingInterval: 1_000 };
  const nodes = ports.map((port) => ({ host, port }));
  const client =
    engine === "single"
      ? module.createClient({ ...limits, socket: { ...socket, host, port: ports[0] as number } })
      : engine === "cluster"
        ? module.createCluster({
            rootNodes: nodes.map((node) => ({ socket: node })),
            defaults: { ...limits, socket },
          })
        : module.createSentinel({
            name: "mymaster",
            sentinelRootNodes: nodes,
            nodeClientOptions: { ...limits, socket },
          });
  client.on("error", () => {});
  await client.connect();
  return { client: client as unknown as NodeRedisClient, close: async () => client.destroy() };
}

function openIoredis(module: typeof ioredis, engine: EngineName, ports: readonly number[]) {
  const limits = { commandTimeout: 3_000, connectTimeout: 2_000, maxRetriesPerRequest: 1 };
  const nodes = ports.map((port) => ({ host, port }));
  const client =
    engine === "single"
      ? new module.Redis({ ...limits, host, port: ports[0] as number })
      : engine === "cluster"
        ? new module.Cluster(nodes, { redisOptions: limits })
        : new module.Redis({ ...limits, sentinels: nodes, name: "mymaster" });
  client.on("error", () => {});
  return { client: client as unknown as IoredisClient, close: async () => client.disconnect() };
}
