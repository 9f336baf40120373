import { setTimeout as wait } from "node:timers/promises";
import { memoryStore, type RecordStore } from "@pixy/express";
import type { Environment } from "example-shared/environment";
import { redisClientOptions, reportRedisError } from "example-shared/redis-client";

/** Opens the store that the environment names; `undefined` keeps sessions in the cookie. */
export async function openStore({ store, redisUrl }: Environment): Promise<RecordStore | undefined> {
  if (store === "redis" && redisUrl !== null) return openRedis(redisUrl);
  return store === "memory" ? memoryStore() : undefined;
}

async function openRedis(url: string): Promise<RecordStore> {
  // Loaded here, so that the example starts without these two where sessions live elsewhere.
  const [{ redisStore }, { createClient }] = await Promise.all([import("@pixy/redis"), import("redis")]);
  const client = createClient(redisClientOptions(url));
  client.on("error", reportRedisError);
  await Promise.race([client.connect(), wait(2000, undefined, { ref: false })]);
  return redisStore(client);
}
