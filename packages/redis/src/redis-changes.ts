import { type Changes, changeChannel } from "@pixy/grants";

/**
 * A connection of its own that only listens: `client.duplicate()` of node-redis, connected, or of ioredis. Both make it again
 * when it breaks, and subscribe again.
 */
export interface RedisSubscriber {
  // biome-ignore lint/suspicious/noExplicitAny: the two clients overload it in ways of their own.
  subscribe(channel: string, listener?: any): Promise<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the events of a client are a closed list, and not ours.
  on(event: any, listener: (...input: any[]) => void): unknown;
}

/** Hears the changes that scripts tell on `channel`, each by the Redis key, which is `keyPrefix` and the record's. */
export function redisChanges(
  subscriber: RedisSubscriber,
  channel: string,
  keyPrefix: string,
  publish: (message: string) => Promise<unknown>,
): Changes {
  const keyOf = (message: string) => (message.startsWith(keyPrefix) ? message.slice(keyPrefix.length) : null);
  const changes = changeChannel({ publish, keyOf });
  // ioredis gives messages to an event, node-redis to a listener, which it keeps once.
  const hasEvent = typeof (subscriber as { evalsha?: unknown }).evalsha === "function";
  if (hasEvent) subscriber.on("message", (from: string, message: string) => from === channel && changes.hear(message));
  const subscribe = (): void => {
    const subscribed = hasEvent ? subscriber.subscribe(channel) : subscriber.subscribe(channel, changes.hear);
    // A connection that is not there yet says so when it is.
    subscribed.then(changes.open, () => {});
  };
  for (const event of ["error", "end", "close", "reconnecting"]) subscriber.on(event, changes.lose);
  subscriber.on("ready", subscribe);
  subscribe();
  return changes;
}
