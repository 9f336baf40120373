/** What the store needs of a client: runs a Lua script, one round trip once the server knows it. */
export interface RedisClient {
  evalScript(script: string, keys: readonly string[], parameters: readonly string[]): Promise<unknown>;
}

/** A client, pool, cluster or sentinel of `redis` 4 to 6 (node-redis). */
export interface NodeRedisClient {
  evalSha(digest: string, options: ScriptInput): Promise<unknown>;
  eval(script: string, options: ScriptInput): Promise<unknown>;
}

interface ScriptInput {
  keys: string[];
  arguments: string[];
}

/** A client or cluster of `ioredis` 5 or 6. */
export interface IoredisClient {
  evalsha(digest: string, keyCount: number, ...input: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...input: string[]): Promise<unknown>;
}

/** Wraps a client of `redis` (node-redis). */
export function fromNodeRedis(client: NodeRedisClient): RedisClient {
  return cached(
    (digest, keys, parameters) => client.evalSha(digest, { keys: [...keys], arguments: [...parameters] }),
    (script, keys, parameters) => client.eval(script, { keys: [...keys], arguments: [...parameters] }),
  );
}

/** Wraps a client of `ioredis`. */
export function fromIoredis(client: IoredisClient): RedisClient {
  return cached(
    (digest, keys, parameters) => client.evalsha(digest, keys.length, ...keys, ...parameters),
    (script, keys, parameters) => client.eval(script, keys.length, ...keys, ...parameters),
  );
}

/**
 * Recognises the client by its methods: `evalScript` is ours, `evalSha` node-redis, `evalsha` ioredis.
 * Throws `TypeError` for anything else.
 */
export function redisClient(client: RedisClient | NodeRedisClient | IoredisClient): RedisClient {
  const has = (method: string) => typeof (client as unknown as Record<string, unknown> | null)?.[method] === "function";
  if (has("evalScript")) return client as RedisClient;
  if (has("evalSha")) return fromNodeRedis(client as NodeRedisClient);
  if (has("evalsha")) return fromIoredis(client as IoredisClient);
  throw new TypeError(
    "redisStore needs a Redis client. Pass what createClient() of redis 4-6 or new Redis() of ioredis 5-6 returns, " +
      "or an object with evalScript(script, keys, parameters).",
  );
}

type Run = (code: string, keys: readonly string[], parameters: readonly string[]) => Promise<unknown>;

function cached(runDigest: Run, runScript: Run): RedisClient {
  return {
    async evalScript(script, keys, parameters) {
      try {
        return await runDigest(await digestOf(script), keys, parameters);
      } catch (error) {
        // A server that was restarted, or a new node of a cluster: nothing has run yet.
        if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
        return runScript(script, keys, parameters);
      }
    },
  };
}

const digests = new Map<string, Promise<string>>();

function digestOf(script: string): Promise<string> {
  let digest = digests.get(script);
  if (!digest) {
    digest = crypto.subtle
      .digest("SHA-1", new TextEncoder().encode(script))
      .then((bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join(""));
    digests.set(script, digest);
  }
  return digest;
}
