import {
  type Acquired,
  type CommitResult,
  cachedReads,
  checkMaxStale,
  checkMembers,
  type Intent,
  type Living,
  type Members,
  type RecordStore,
  type StoredRecord,
} from "@pixy/grants";
import { type RedisSubscriber, redisChanges } from "./redis-changes.ts";
import { type IoredisClient, type NodeRedisClient, type RedisClient, redisClient } from "./redis-client.ts";
import { type Run, redisEpochs, redisIndex } from "./redis-owners.ts";
import * as scripts from "./scripts.ts";

export interface RedisStoreOptions {
  /** What all keys begin with. Default `"pixy:"`. */
  readonly prefix?: string;
  /**
   * A second connection, `client.duplicate()`, on which this store alone listens. With it a record that nobody changes is read
   * once: what another process changed is seen when its message comes, a logout, too.
   */
  readonly subscriber?: RedisSubscriber;
  /**
   * With a subscriber: a record is read again after so many milliseconds, also where no message came. Default 10,000; 0 reads each time.
   */
  readonly maxStaleMs?: number;
}

/**
 * Keeps records in Redis, so that every process sees the same ones and a refresh is one for all of them. A record
 * is one key with a time to live; each operation is one script and one round trip. Has an index and epochs; a question
 * to the index is sixteen scripts sent at once, one for each of its parts. Needs Redis 5 or Valkey.
 *
 * What the client rejects with is passed on as it is. How long to wait for Redis is set at the client.
 *
 * @throws TypeError for something that is no Redis client
 * @throws ConfigurationError `invalid_option` for an option that there is not, or that cannot be used
 * @example
 * const client = await createClient({ url: process.env.REDIS_URL }).connect();
 * const auth = pixy({ provider: spotify, clientId, baseUrl, secret, store: redisStore(client) });
 */
export function redisStore(
  client: RedisClient | NodeRedisClient | IoredisClient,
  options: RedisStoreOptions = {},
): RecordStore {
  checkMembers("", options, { prefix: 1, subscriber: 1, maxStaleMs: 1 } satisfies Members<keyof RedisStoreOptions>);
  const maxStaleMs = checkMaxStale(options.maxStaleMs);
  const { evalScript } = redisClient(client);
  // The number is the form of the record: a later form gets other keys and never meets this code.
  const prefix = `${options.prefix ?? "pixy:"}1`;
  const runOn: Run = (script, keys, ...parameters) => evalScript(script, keys, parameters.map(parameter));
  const channel = `${prefix}-changes`;
  const run = (script: string, key: string, ...parameters: (string | number)[]): Promise<unknown> =>
    runOn(script, [`${prefix}:${key}`], ...parameters, channel);

  async function readLiving(key: string): Promise<Living | null> {
    const reply = await run(scripts.read, key);
    if (reply === null) return null;
    const [life, ...stored] = reply as unknown[];
    return { stored: storedRecord(stored), life: Number(life) };
  }

  const store: RecordStore = {
    name: "redis",
    reach: "shared",
    async create(key, sealed, ttl) {
      return String(await run(scripts.create, key, sealed, ttl)) as "created" | "exists";
    },
    async replace(key, sealed, ttl) {
      await run(scripts.replace, key, sealed, ttl);
    },
    async read(key) {
      return (await readLiving(key))?.stored ?? null;
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
      const reply = await run(scripts.remove, key);
      return reply === null ? null : storedRecord(reply as unknown[]);
    },
    // No key of a record begins so: behind the number it has a colon.
    index: redisIndex(runOn, `${prefix}-`),
    epochs: redisEpochs(runOn, `${prefix}-`),
  };
  if (options.subscriber === undefined || maxStaleMs === 0) return store;
  const publish = (message: string) => runOn(scripts.publish, [`${prefix}-probe`], channel, message);
  const changes = redisChanges(checkSubscriber(options.subscriber), channel, `${prefix}:`, publish);
  return cachedReads(store, { changes, readLiving, maxStaleMs });
}

function checkSubscriber(subscriber: RedisSubscriber): RedisSubscriber {
  if (typeof subscriber?.subscribe === "function" && typeof subscriber.on === "function") return subscriber;
  throw new TypeError("The option subscriber needs a Redis connection of its own: pass client.duplicate().");
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
