import { cookieStore, memoryStore, type SessionStore } from "@pixy/next";
import { redisStore } from "@pixy/redis";
import type { Environment } from "example-shared/environment";
import { createClient } from "redis";

/** Opens the store that the environment names. Redis may come up later: what asks for a session until then gets a 503. */
export function openStore({ store, redisUrl }: Environment): SessionStore {
  if (store === "memory") return memoryStore();
  if (store !== "redis" || redisUrl === null) return cookieStore();
  const client = createClient({ url: redisUrl, disableOfflineQueue: true, socket: { connectTimeout: 2000 } });
  client.on("error", (error: Error) => console.error(`Redis: ${error.message}`));
  void client.connect();
  return redisStore(client);
}
