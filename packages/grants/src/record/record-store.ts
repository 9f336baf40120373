/** A duration in milliseconds, measured by the store's own clock. */
export type Milliseconds = number;

/** A value that is at hand or on its way. Nothing is awaited where the value is at hand. */
export type MaybePromise<T> = T | Promise<T>;

/** A token request that may be on its way and has not reported back. */
export interface Intent {
  /** The fencing number under which the request is sent. */
  readonly fence: number;
  /** How long somebody waits for it. */
  readonly remaining: Milliseconds;
}

/** What a store holds of one record. Stores never look into `sealed`. */
export interface StoredRecord {
  /** The sealed content, or `null` once the record has ended. */
  readonly sealed: string | null;
  /** The fencing number of the newest commit; 0 where there was none yet. */
  readonly fence: number;
  /** The refresh token is dead: nobody may send it again. */
  readonly ended: boolean;
  /** How long no process sends another token request; 0 when one may be sent now. */
  readonly pause: Milliseconds;
  /** What the engine noted of token requests that failed; stores never look into it. `null` after a success. */
  readonly note: string | null;
  /** Token requests that have not reported back, in ascending order of their fences. */
  readonly intents: readonly Intent[];
}

/** What a worker needs to hold before it may send a token request. */
export type Acquired =
  /** The lease is ours under `fence`, our intent is noted, and `stored` is what the store held at that moment. */
  | { readonly state: "acquired"; readonly fence: number; readonly stored: StoredRecord }
  /** Somebody else holds the lease, for `remaining` at most. */
  | { readonly state: "held"; readonly remaining: Milliseconds }
  /** There is no such record: it was deleted, or it expired. */
  | { readonly state: "gone" };

export interface AcquireOptions {
  readonly lease: Milliseconds;
  /** How long others wait for the intent: at least the lease. */
  readonly intent: Milliseconds;
}

export interface ReleaseOptions {
  /** How long no process sends another token request. */
  readonly pause?: Milliseconds;
  /** Takes the place of what was noted before; kept until a commit or an end. */
  readonly note?: string;
}

/**
 * - `committed`: this write is the newest, also when it is sent a second time because its answer was lost.
 * - `superseded`: a write with a higher fence stands; read it and use it.
 * - `gone`: the record was deleted or replaced in the meantime; nothing was written.
 */
export type CommitResult = "committed" | "superseded" | "gone";

/**
 * Keeps records and orders their refreshes.
 *
 * Each method is one atomic step per key. Durations are relative and measured by the store's own clock, so that
 * machines need not agree on the time. A fence is a number that only grows per key: `acquire` hands out one that is
 * higher than any that was handed out or committed for that key before, and `commit` and `end` take effect only if
 * theirs is higher than the committed one.
 *
 * Keys may come back. `create`, `replace` and `delete` begin a new generation, and a fence belongs to the generation in
 * which it was handed out: a write of an earlier one is answered `gone` and changes nothing.
 *
 * `step` is this interface as one pure function, `describeStore` of `@pixy/testing` as executable promises.
 */
export interface RecordStore {
  /** A short name for messages and events. */
  readonly name: string;
  /** Who sees the same records: this process, or every process. */
  readonly reach: "process" | "shared";
  /** Keeps a new record under `key`; a record that stands there already is left alone. */
  create(key: string, sealed: string, ttl: Milliseconds): MaybePromise<"created" | "exists">;
  /** Keeps a record under `key`, whatever stood there. */
  replace(key: string, sealed: string, ttl: Milliseconds): MaybePromise<void>;
  /** Reads a record; `null` when there is none. */
  read(key: string): MaybePromise<StoredRecord | null>;
  /** Takes the lease for a token request and notes the intent to send one. */
  acquire(key: string, options: AcquireOptions): MaybePromise<Acquired>;
  /** Writes the refreshed record if `fence` is the highest yet; gives up lease and intent; clears the note. */
  commit(key: string, fence: number, sealed: string, ttl: Milliseconds): MaybePromise<CommitResult>;
  /** Marks the refresh token as dead, in fence order like `commit`, and drops the sealed content. */
  end(key: string, fence: number, ttl: Milliseconds): MaybePromise<CommitResult>;
  /** Gives up lease and intent without a write of the content. */
  release(key: string, fence: number, options?: ReleaseOptions): MaybePromise<void>;
  /** Prolongs a record that is in use to `ttl` from now. */
  touch(key: string, ttl: Milliseconds): MaybePromise<void>;
  /**
   * Deletes a record for good: nothing in flight brings it back. Returns what it has deleted, of which nobody else is told, and
   * `null` where there was none. Where a store returns nothing, what was read before is taken for it.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a store may be older than the answer.
  delete(key: string): MaybePromise<StoredRecord | null | void>;
  /**
   * Resolves to `true` as soon as whoever held the lease at the last `acquire` of this process has reported back, and to
   * `false` after `within` at the latest. A store that is not told has none, and is asked again and again.
   */
  settled?(key: string, within: Milliseconds): Promise<boolean>;
  /** Finds records by their owner and by when they are due; a store may have none. */
  readonly index?: RecordIndex;
  /** Ends everything of an owner at once; a store may have none. */
  readonly epochs?: OwnerEpochs;
}

/** What the index notes of a record. */
export interface IndexEntry {
  /** An HMAC of the owner, never the owner's name; `null` for a record that belongs to nobody. */
  readonly owner: string | null;
  /** How long until the record needs attention; `null` for never. */
  readonly due: Milliseconds | null;
}

/** A hint at where to look, never the truth: it is written before the record, and each hit is checked against it. */
export interface RecordIndex {
  /** Notes a record, in place of what was noted of it before, until `ttl` has passed. */
  add(key: string, entry: IndexEntry, ttl: Milliseconds): MaybePromise<void>;
  /** Forgets a record. */
  remove(key: string): MaybePromise<void>;
  /** The keys of an owner's records, in no order. */
  ofOwner(owner: string): MaybePromise<readonly string[]>;
  /** At most `limit` keys of records that are due within a time, the earliest first. */
  dueWithin(within: Milliseconds, limit: number): MaybePromise<readonly string[]>;
}

/** Counts how often everything of an owner was ended; what was sealed under an earlier count is over. */
export interface OwnerEpochs {
  /** The count of an owner; 0 where nothing was ended. */
  of(owner: string): MaybePromise<number>;
  /** Ends everything of an owner and returns the new count, which is kept for `ttl` at least. */
  advance(owner: string, ttl: Milliseconds): MaybePromise<number>;
}
