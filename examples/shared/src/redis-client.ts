import { printable } from "@pixy/server";

export interface RedisClientOptions {
  readonly url: string;
  readonly disableOfflineQueue: true;
  /** Milliseconds, like all times here. */
  readonly pingInterval: number;
  readonly socket: {
    readonly connectTimeout: number;
    readonly socketTimeout: number;
    reconnectStrategy(retries: number): number;
  };
}

/** The settings of a Redis client for sessions: whatever happens to Redis, a request is answered soon. */
export function redisClientOptions(url: string): RedisClientOptions {
  return {
    url,
    // Without a queue a request fails at once, with a 503, while Redis is away.
    disableOfflineQueue: true,
    // Keeps an idle connection from timing out.
    pingInterval: 1_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: 3_000,
      // The client's own rule gives up after a socket timeout; a Redis that was paused comes back.
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1_000),
    },
  };
}

/** Prints what goes wrong with the connection; a client without a listener would end the process. */
export function reportRedisError(error: Error): void {
  console.error(`Redis: ${printable(error.message)}`);
}
