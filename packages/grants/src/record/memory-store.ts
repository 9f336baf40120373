import { ConfigurationError, checkMembers, type Members } from "@pixy/core";
import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import { processState } from "../process/process-state.ts";
import { MemoryEpochs } from "./memory-epochs.ts";
import { MemoryIndex } from "./memory-index.ts";
import type { Acquired, CommitResult, RecordStore, StoredRecord } from "./record-store.ts";
import { kindOf, Records } from "./records.ts";
import { type Operation, step } from "./step.ts";
import { StoreFullError } from "./store-full.ts";

export interface MemoryStoreOptions {
  /** Stores of the same name in one process hold the same records. Default `"default"`. */
  readonly name?: string;
  /** Milliseconds since 1970; a store with its own clock holds its own records. */
  readonly now?: () => number;
  /**
   * The most records that are kept, and the most owners: where there is no room, a new one is refused and nobody loses another. Default
   * 100,000, or about 150 MB of records of 1 kB.
   */
  readonly maxSessions?: number;
}

/**
 * Keeps records in the memory of this process. Logout is final and a refresh works where cookies cannot be written; a
 * restart forgets everything, and a second process knows nothing of it. A JavaScript turn is atomic, so there is nothing
 * to lock.
 *
 * @throws ConfigurationError `invalid_option` for a `maxSessions` below 1 and for an option that there is not
 *
 * @example
 * const grants = createGrants({ providers: { spotify: { provider: spotify, clientId } }, secret, store: memoryStore() });
 */
export function memoryStore(options: MemoryStoreOptions = {}): RecordStore {
  checkMembers("", options, { name: 1, now: 1, maxSessions: 1 } satisfies Members<keyof MemoryStoreOptions>);
  const { name = "default", maxSessions = 100_000 } = options;
  if (!(maxSessions >= 1)) {
    const hint = "Give a number of records, 1 or more.";
    throw new ConfigurationError(`The option maxSessions cannot be used. ${hint}`, {
      ...{ code: "invalid_option", option: "maxSessions", hint },
    });
  }
  const create = () => ({ records: new Records(), notes: new MemoryIndex(), counts: new MemoryEpochs() });
  const { records, notes, counts } = options.now ? create() : processState(`records ${name}`, create);
  const now = options.now ?? monotonicMilliseconds;

  function take<Answer>(key: string, operation: Operation): Answer {
    const at = now();
    const known = records.get(key);
    const [record, answer] = step(known, operation, at);
    records.set(key, record, at);
    // What has ended is told no longer than there is room for it: the provider would say the same again, and the clock
    // keeps later fences higher.
    for (const kind of ["ended", "deleted"] as const) {
      while (records.count(kind) > maxSessions) records.dropFirst(kind);
    }
    return answer as Answer;
  }

  function makeRoom(key: string): void {
    const at = now();
    records.sweep(at);
    const known = records.get(key);
    const kind = known && kindOf(known, at);
    const hasPlace = kind === "live" || kind === "busy";
    if (!hasPlace && records.count("live") + records.count("busy") >= maxSessions) throw new StoreFullError();
  }

  /** What is noted at this moment, with room for another key or owner. */
  function current<Noted extends MemoryIndex | MemoryEpochs>(noted: Noted, isNew = false): Noted {
    noted.sweep(now());
    if (isNew && noted.size >= maxSessions) throw new StoreFullError();
    return noted;
  }

  return {
    name: "memory",
    reach: "process",
    create(key, sealed, ttl) {
      makeRoom(key);
      return take<"created" | "exists">(key, ["create", sealed, ttl]);
    },
    replace(key, sealed, ttl) {
      makeRoom(key);
      take(key, ["replace", sealed, ttl]);
    },
    read: (key) => take<StoredRecord | null>(key, ["read"]),
    acquire: (key, acquire) => take<Acquired>(key, ["acquire", acquire]),
    commit: (key, fence, sealed, ttl) => take<CommitResult>(key, ["commit", fence, sealed, ttl]),
    end: (key, fence, ttl) => take<CommitResult>(key, ["end", fence, ttl]),
    release: (key, fence, release) => take<void>(key, ["release", fence, release]),
    touch: (key, ttl) => take<void>(key, ["touch", ttl]),
    delete: (key) => take<StoredRecord | null>(key, ["delete"]),
    index: {
      add: (key, entry, ttl) => current(notes, !notes.has(key)).add(key, entry, ttl, now()),
      remove: (key) => notes.remove(key),
      ofOwner: (owner) => current(notes).ofOwner(owner),
      dueWithin: (within, limit) => current(notes).dueAt(now() + within, limit),
    },
    epochs: {
      of: (owner) => current(counts).of(owner),
      advance: (owner, ttl) => current(counts, counts.of(owner) === 0).advance(owner, ttl, now()),
    },
  };
}
