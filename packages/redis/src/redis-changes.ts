import type { Changes } from "@pixy/grants";

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

/** Milliseconds until a message to ourselves that did not come back is sent again. */
const patienceMs = 1_000;

/**
 * Hears the changes that scripts tell on `channel`, each by the Redis key, which is `keyPrefix` and the record's. Whether all of them come through is known by a message to ourselves: it is
 * sent once the connection stands, and nothing counts as heard before it has come back, or after the connection broke.
 */
export function redisChanges(
  subscriber: RedisSubscriber,
  channel: string,
  keyPrefix: string,
  publish: (message: string) => Promise<unknown>,
): Changes {
  const listeners: ((key: string | null) => void)[] = [];
  const tell = (key: string | null): void => {
    for (const listener of listeners) listener(key);
  };
  const own = crypto.randomUUID();
  let round = 0;
  let isHeard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hear(message: string): void {
    if (message.startsWith(keyPrefix)) tell(message.slice(keyPrefix.length));
    if (isHeard || message !== `${own} ${round}`) return;
    isHeard = true;
    // Whatever came before may have been missed.
    tell(null);
  }

  /** Asks until the answer comes. A question from before the connection broke has no answer any more. */
  function ask(): void {
    if (isHeard) return;
    publish(`${own} ${round}`).catch(() => {});
    clearTimeout(timer);
    timer = later(patienceMs, ask);
  }

  function lose(): void {
    round++;
    isHeard = false;
    tell(null);
    clearTimeout(timer);
    timer = later(patienceMs, ask);
  }

  // ioredis gives messages to an event, node-redis to a listener, which it keeps once.
  const hasEvent = typeof (subscriber as { evalsha?: unknown }).evalsha === "function";
  if (hasEvent) subscriber.on("message", (from: string, message: string) => from === channel && hear(message));
  const subscribe = (): void => {
    const subscribed = hasEvent ? subscriber.subscribe(channel) : subscriber.subscribe(channel, hear);
    // A connection that is not there yet says so when it is.
    subscribed.then(ask, () => {});
  };
  for (const event of ["error", "end", "close", "reconnecting"]) subscriber.on(event, lose);
  subscriber.on("ready", subscribe);
  subscribe();

  return { listen: (onChange) => void listeners.push(onChange), isHeard: () => isHeard };
}

/** A timer that keeps no process alive. */
function later(milliseconds: number, run: () => void): ReturnType<typeof setTimeout> {
  const timer = setTimeout(run, milliseconds);
  (timer as { unref?(): void }).unref?.();
  return timer;
}
