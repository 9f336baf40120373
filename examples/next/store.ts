import { setTimeout as wait } from "node:timers/promises";
import { memoryStore, type RecordStore } from "@pixy/next";
import { redisStore } from "@pixy/redis";
import type { Environment } from "example-shared/environment";
import { redisClientOptions, reportRedisError } from "example-shared/redis-client";
import { createClient } from "redis";

/** Opens the store that the environment names; `undefined` keeps sessions in the cookie. */
export function openStore({ store, redisUrl }: Environment): RecordStore | undefined {
  if (store === "memory") return memoryStore();
  if (store !== "redis" || redisUrl === null) return undefined;
  return redisStore(redisClient(redisUrl).client);
}

/** Waits for Redis, but not for ever: what asks for a session while it is away gets a 503. */
export async function connectStore({ store, redisUrl }: Environment): Promise<void> {
  if (store !== "redis" || redisUrl === null) return;
  await Promise.race([redisClient(redisUrl).connected, wait(2000, undefined, { ref: false })]);
}

const key: unique symbol = Symbol.for("example-next/redis") as never;

function connect(url: string) {
  const client = createClient(redisClientOptions(url));
  client.on("error", reportRedisError);
  return { client, connected: client.connect() };
}

/** One connection for the process: Next loads this module several times. */
function redisClient(url: string): ReturnType<typeof connect> {
  const process = globalThis as { [key]?: ReturnType<typeof connect> };
  process[key] ??= connect(url);
  return process[key];
}
