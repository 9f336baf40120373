import { monotonicMilliseconds } from "./monotonic-clock.ts";
import { emptyRow, reportBack, type SessionRow, viewOfCarried, viewOfRow } from "./session-row.ts";
import type {
  Acquired,
  AcquireOptions,
  CarriedSession,
  CommitResult,
  ReleaseOptions,
  StoredSession,
} from "./session-store.ts";

export interface SessionTableOptions {
  /** Milliseconds; the default is monotonic, so that a step of the wall clock moves no lease. */
  readonly now?: () => number;
  /** The most rows that are kept; the oldest go first. Default: no bound. */
  readonly maxRows?: number;
  /** The rows are a journal of sessions kept elsewhere: one that is not here was forgotten, and deleted only if buried. */
  readonly journal?: boolean;
}

/** The rows; shared by all tables of the process that are given the same map. */
export type SessionRows = Map<string, unknown>;

/**
 * Sessions in the memory of this process, with the atomic steps of `SessionStore`. A JavaScript turn is atomic, so
 * there is nothing to lock. The memory store is this table; the cookie store uses it as its journal.
 */
export class SessionTable {
  readonly #rows: Map<string, SessionRow>;
  readonly #now: () => number;
  readonly #maxRows: number;
  readonly #isJournal: boolean;
  #sweepAt = 0;

  constructor(rows: SessionRows, options: SessionTableOptions = {}) {
    this.#rows = rows as Map<string, SessionRow>;
    this.#now = options.now ?? monotonicMilliseconds;
    this.#maxRows = options.maxRows ?? Number.POSITIVE_INFINITY;
    this.#isJournal = options.journal ?? false;
  }

  create(key: string, sealed: string, ttl: number): void {
    this.#put(key, { ...emptyRow(this.#now() + ttl), sealed });
  }

  /** The row, or a view of what was carried where the row knows nothing newer. */
  read(key: string, carried?: CarriedSession | null): StoredSession | null {
    const row = this.#live(key);
    if (!row) return carried ? viewOfCarried(carried) : null;
    if (row.deleted) return null;
    const older = row.sealed === null && !row.ended ? true : carried ? carried.fence > row.fence : false;
    if (!older) return viewOfRow(row, this.#now());
    return carried
      ? { ...viewOfRow(row, this.#now()), sealed: carried.sealed, fence: carried.fence, ended: false }
      : null;
  }

  acquire(key: string, options: AcquireOptions): Acquired {
    const now = this.#now();
    const known = this.#live(key);
    if (known?.deleted || (!known && !options.carried)) return { state: "gone" };
    const row = known ?? this.#put(key, emptyRow(now + options.intent));
    if (row.lease && row.lease.until > now) return { state: "held", remaining: row.lease.until - now };
    const stored = this.read(key, options.carried);
    if (!stored) return { state: "gone" };
    const fence = Math.max(row.issued, stored.fence) + 1;
    row.issued = fence;
    row.lease = { fence, until: now + options.lease };
    row.intents.set(fence, now + options.intent);
    row.expiresAt = Math.max(row.expiresAt, now + options.intent);
    return { state: "acquired", fence, stored };
  }

  commit(key: string, fence: number, sealed: string, ttl: number): CommitResult {
    return this.#write(key, fence, { sealed, ended: false, ttl });
  }

  end(key: string, fence: number, ttl: number): CommitResult {
    return this.#write(key, fence, { sealed: null, ended: true, ttl });
  }

  release(key: string, fence: number, options: ReleaseOptions = {}): void {
    const row = this.#live(key);
    if (!row) return;
    reportBack(row, fence);
    // A newer write stands: what a late holder ran into says nothing about it.
    if (fence < row.fence) return;
    if (options.pause !== undefined) {
      row.pauseUntil = this.#now() + options.pause;
      row.expiresAt = Math.max(row.expiresAt, row.pauseUntil);
    }
    if (options.failures !== undefined) row.failures = options.failures;
  }

  touch(key: string, ttl: number): void {
    const row = this.#live(key);
    if (row && !row.deleted) row.expiresAt = this.#now() + ttl;
  }

  delete(key: string): void {
    this.#rows.delete(key);
  }

  /** Deletes and remembers for `ttl` milliseconds that it did. */
  bury(key: string, ttl: number): void {
    this.#put(key, { ...emptyRow(this.#now() + ttl), deleted: true });
  }

  #write(key: string, fence: number, change: { sealed: string | null; ended: boolean; ttl: number }): CommitResult {
    const known = this.#live(key);
    // A worker that slept through its own row still holds the newest tokens.
    const row = known ?? (this.#isJournal ? this.#put(key, emptyRow(this.#now() + change.ttl)) : undefined);
    if (!row || row.deleted) return "gone";
    reportBack(row, fence);
    if (fence <= row.fence) return "superseded";
    row.sealed = change.sealed;
    row.ended = change.ended;
    row.fence = fence;
    row.issued = Math.max(row.issued, fence);
    row.failures = 0;
    row.pauseUntil = 0;
    row.expiresAt = this.#now() + change.ttl;
    return "committed";
  }

  #live(key: string): SessionRow | undefined {
    const row = this.#rows.get(key);
    if (!row || row.expiresAt > this.#now()) return row;
    this.#rows.delete(key);
    return undefined;
  }

  #put(key: string, row: SessionRow): SessionRow {
    this.#sweep();
    this.#rows.delete(key);
    this.#rows.set(key, row);
    if (this.#rows.size > this.#maxRows) this.#rows.delete(this.#rows.keys().next().value as string);
    return row;
  }

  #sweep(): void {
    const now = this.#now();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + 30_000;
    for (const [key, row] of this.#rows) if (row.expiresAt <= now) this.#rows.delete(key);
  }
}
