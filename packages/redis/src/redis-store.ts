import {
  type Acquired,
  type CommitResult,
  checkMembers,
  type Intent,
  type Members,
  type RecordStore,
  type StoredRecord,
} from "@pixy/grants";
import { type IoredisClient, type NodeRedisClient, type RedisClient, redisClient } from "./redis-client.ts";
import { type Run, redisEpochs, redisIndex } from "./redis-owners.ts";
import * as scripts from "./scripts.ts";

export interface RedisStoreOptions {
  /** What all keys begin with. Default `"pixy:"`. */
  readonly prefix?: string;
}

/**
 * Keeps records in Redis, so that every process sees the same ones and a refresh is one for all of them. A record
 * is one key with a time to live; each operation is one script and one round trip. Has an index and epochs; a question
 * to the index is sixteen scripts sent at once, one for each of its parts. Needs Redis 5 or Valkey.
 *
 * What the client rejects with is passed on as it is. How long to wait for Redis is set at the client.
 *
 * Throws `TypeError` for something that is no Redis client, `ConfigurationError` for an option that there is not.
 */
export function redisStore(
  client: RedisClient | NodeRedisClient | IoredisClient,
  options: RedisStoreOptions = {},
): RecordStore {
  checkMembers("", options, { prefix: 1 } satisfies Members<keyof RedisStoreOptions>);
  const { evalScript } = redisClient(client);
  // The number is the form of the record: a later form gets other keys and never meets this code.
  const prefix = `${options.prefix ?? "pixy:"}1`;
  const runOn: Run = (script, keys, ...parameters) => evalScript(script, keys, parameters.map(parameter));
  const run = (script: string, key: string, ...parameters: (string | number)[]): Promise<unknown> =>
    runOn(script, [`${prefix}:${key}`], ...parameters);

  return {
    name: "redis",
    reach: "shared",
    async create(key, sealed, ttl) {
      return String(await run(scripts.create, key, sealed, ttl)) as "created" | "exists";
    },
    async replace(key, sealed, ttl) {
      await run(scripts.replace, key, sealed, ttl);
    },
    async read(key) {
      const reply = await run(scripts.read, key);
      return reply === null ? null : storedRecord(reply as unknown[]);
    },
    async acquire(key, { lease, intent }): Promise<Acquired> {
      const [state, number, ...stored] = (await run(
        scripts.acquire,
        key,
        lease,
        intent,
        crypto.randomUUID(),
      )) as unknown[];
      if (String(state) === "acquired") {
        return { state: "acquired", fence: Number(number), stored: storedRecord(stored) };
      }
      return String(state) === "held" ? { state: "held", remaining: Number(number) } : { state: "gone" };
    },
    async commit(key, fence, sealed, ttl) {
      return String(await run(scripts.write, key, fence, ttl, sealed)) as CommitResult;
    },
    async end(key, fence, ttl) {
      return String(await run(scripts.write, key, fence, ttl)) as CommitResult;
    },
    async release(key, fence, { pause = "", note = "" } = {}) {
      await run(scripts.release, key, fence, pause, note);
    },
    async touch(key, ttl) {
      await run(scripts.touch, key, ttl);
    },
    async delete(key) {
      await run(scripts.remove, key);
    },
    // No key of a record begins so: behind the number it has a colon.
    index: redisIndex(runOn, `${prefix}-`),
    epochs: redisEpochs(runOn, `${prefix}-`),
  };
}

/** Redis takes whole milliseconds. */
function parameter(value: string | number): string {
  return String(typeof value === "number" ? Math.ceil(value) : value);
}

/** Clients may be set to reply with strings or buffers in place of numbers and strings. */
function storedRecord([sealed, fence, ended, pause, note, ...rest]: unknown[]): StoredRecord {
  const intents: Intent[] = [];
  for (let i = 0; i < rest.length; i += 2) intents.push({ fence: Number(rest[i]), remaining: Number(rest[i + 1]) });
  return {
    sealed: sealed === null ? null : String(sealed),
    fence: Number(fence),
    ended: Number(ended) === 1,
    pause: Number(pause),
    note: note === null ? null : String(note),
    intents,
  };
}
