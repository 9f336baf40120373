import { ConfigurationError } from "@pixy/core";
import { Memo } from "../process/memo.ts";
import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import type { MaybePromise, RecordStore, StoredRecord } from "./record-store.ts";

/** Tells what any process has changed in a store. */
export interface Changes {
  /** Calls back with each record that was changed, and with `null` when any may have been. */
  listen(onChange: (key: string | null) => void): void;
  /** Whether every change is heard at this moment. */
  isHeard(): boolean;
}

/** A record, and for how many milliseconds it lives if nobody touches it. */
export interface Living {
  readonly stored: StoredRecord;
  readonly life: number;
}

export interface CachedReadsOptions {
  readonly changes: Changes;
  /** Reads a record together with the time that it has. */
  readonly readLiving: (key: string) => Promise<Living | null>;
  /** A record is read again after so many milliseconds, also where nothing was heard of it. */
  readonly maxStaleMs: number;
  /** Bytes that the cache may take. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/**
 * Checks the option of that name of a store.
 *
 * @throws ConfigurationError `invalid_option`
 */
export function checkMaxStale(maxStaleMs: number = 10_000): number {
  if (typeof maxStaleMs === "number" && maxStaleMs >= 0 && maxStaleMs <= 3_600_000) return maxStaleMs;
  const hint = "Give milliseconds, an hour at most; 0 reads every record each time.";
  throw new ConfigurationError(`The option maxStaleMs cannot be used. ${hint}`, {
    ...{ code: "invalid_option", option: "maxStaleMs", hint },
  });
}

interface Kept {
  readonly stored: StoredRecord;
  readonly until: number;
}

interface Reading {
  readonly answer: Promise<StoredRecord | null>;
  /** A change was heard while it was on its way: whoever asked before may have it, and nobody after. */
  isOvertaken: boolean;
}

/**
 * Wraps a store so that a record which nobody changes is read once, and again after `maxStaleMs`. A change is seen once it
 * was heard, and a change of this process at once. Reads that ask for the same record at once share one answer.
 *
 * Only records with nothing under way are kept: no intent, no pause, not ended. Every step but `read` is the store's own, so
 * that who may refresh is never decided by a copy.
 */
export function cachedReads(store: RecordStore, options: CachedReadsOptions): RecordStore {
  const { changes, readLiving, maxStaleMs, maxBytes, now = monotonicMilliseconds } = options;
  let kept = new Memo<Kept>(maxBytes);
  const readings = new Map<string, Reading>();

  function forget(key: string): void {
    kept.delete(key);
    const reading = readings.get(key);
    if (reading === undefined) return;
    reading.isOvertaken = true;
    readings.delete(key);
  }

  function forgetAll(): void {
    kept = new Memo(maxBytes);
    for (const key of [...readings.keys()]) forget(key);
  }

  changes.listen((key) => (key === null ? forgetAll() : forget(key)));

  function keep(key: string, { stored, life }: Living, readAt: number): void {
    const isQuiet = stored.sealed !== null && !stored.ended && stored.pause === 0 && stored.intents.length === 0;
    if (!isQuiet) return;
    kept.set(key, { stored, until: readAt + Math.min(maxStaleMs, life) }, (stored.sealed ?? "").length * 2 + 512);
  }

  function startReading(key: string): Promise<StoredRecord | null> {
    const readAt = now();
    const reading: Reading = {
      isOvertaken: false,
      answer: readLiving(key)
        .then((found) => {
          if (found !== null && !reading.isOvertaken && changes.isHeard()) keep(key, found, readAt);
          return found?.stored ?? null;
        })
        .finally(() => {
          if (readings.get(key) === reading) readings.delete(key);
        }),
    };
    readings.set(key, reading);
    return reading.answer;
  }

  function read(key: string): MaybePromise<StoredRecord | null> {
    if (!changes.isHeard()) return store.read(key);
    const found = kept.get(key);
    if (found !== undefined && found.until > now()) return found.stored;
    return readings.get(key)?.answer ?? startReading(key);
  }

  /** Whatever comes of a change, what was known of the record is old. */
  function changing<Input extends readonly unknown[], Answer>(
    change: (key: string, ...input: Input) => MaybePromise<Answer>,
  ): (key: string, ...input: Input) => Promise<Answer> {
    return async (key, ...input) => {
      try {
        return await change(key, ...input);
      } finally {
        forget(key);
      }
    };
  }

  return {
    ...store,
    read,
    create: changing(store.create),
    replace: changing(store.replace),
    acquire: changing(store.acquire),
    commit: changing(store.commit),
    end: changing(store.end),
    release: changing(store.release),
    touch: changing(store.touch),
    delete: changing(store.delete),
  };
}
