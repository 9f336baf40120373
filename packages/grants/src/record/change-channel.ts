import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import type { Changes } from "./cached-reads.ts";

export interface ChangeChannelOptions {
  /** Sends a message to everybody who listens, ourselves included. */
  readonly publish: (message: string) => Promise<unknown>;
  /** The key of the record that a message speaks of; `null` where it speaks of none of ours. */
  readonly keyOf: (message: string) => string | null;
  /** Milliseconds for which a message to ourselves proves the channel. Unless given, until it breaks. */
  readonly provenMs?: number;
  /** Told where none came back for so long: a connection that only listens does not notice that its other end is gone. */
  readonly onSilent?: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Messages about changes, and whether all of them come through. */
export interface ChangeChannel extends Changes {
  /** Takes a message that came. */
  hear(message: string): void;
  /** The connection stands, and listens. */
  open(): void;
  /** The connection broke. */
  lose(): void;
}

/** Milliseconds until a message to ourselves that did not come back is sent again: at first, and at most. */
const patienceMs = 1_000;
const longestPatienceMs = 60_000;

/**
 * Knows by a message to ourselves whether changes come through: it is sent once the connection stands, and nothing counts as
 * heard before it has come back, after the connection broke, or when the last proof is too old.
 */
export function changeChannel(options: ChangeChannelOptions): ChangeChannel {
  const { publish, keyOf, onSilent, provenMs = Number.POSITIVE_INFINITY, now = monotonicMilliseconds } = options;
  const listeners: ((key: string | null) => void)[] = [];
  const own = crypto.randomUUID();
  let round = 0;
  let heardUntil = 0;
  /** When the first question was asked that has no answer yet. */
  let silentSince: number | null = null;
  let patience = patienceMs;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isHeard = (): boolean => now() < heardUntil;
  const tell = (key: string | null): void => {
    for (const listener of listeners) listener(key);
  };

  function later(milliseconds: number): void {
    clearTimeout(timer);
    timer = setTimeout(ask, milliseconds);
    // It keeps no process alive.
    (timer as { unref?(): void }).unref?.();
  }

  /** Asks until the answer comes. A question from before the connection broke has no answer any more. */
  function ask(): void {
    const at = now();
    silentSince ??= at;
    if (onSilent !== undefined && at - silentSince >= provenMs) {
      silentSince = null;
      onSilent();
    } else publish(`${own} ${round} ${Math.floor(at)}`).catch(() => {});
    later(patience);
    patience = Math.min(2 * patience, longestPatienceMs);
  }

  function hear(message: string): void {
    const key = keyOf(message);
    if (key !== null) tell(key);
    const [from, ofRound, askedAt] = message.split(" ");
    if (from !== own || ofRound !== `${round}`) return;
    const wasHeard = isHeard();
    heardUntil = Number(askedAt) + provenMs;
    silentSince = null;
    patience = patienceMs;
    clearTimeout(timer);
    if (provenMs !== Number.POSITIVE_INFINITY) later(provenMs / 3);
    // Whatever came before may have been missed.
    if (!wasHeard) tell(null);
  }

  function lose(): void {
    round++;
    heardUntil = 0;
    silentSince = null;
    patience = 2 * patienceMs;
    later(patienceMs);
    tell(null);
  }

  return { listen: (onChange) => void listeners.push(onChange), isHeard, hear, open: ask, lose };
}
