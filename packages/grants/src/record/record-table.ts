import { storeFull } from "../../../server/src/errors.ts";
import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import { refuseOption } from "../../../server/src/settings/option-values.ts";
import {
  emptyRow,
  noteIntent,
  type RowKind,
  reportBack,
  type SessionRow,
  viewOfCarried,
  viewOfRow,
} from "./record-row.ts";
import type { SessionRows } from "./record-rows.ts";
import type {
  Acquired,
  AcquireOptions,
  CarriedSession,
  CommitResult,
  ReleaseOptions,
  StoredSession,
} from "./record-store.ts";

export interface SessionTableOptions {
  /** Milliseconds; the default is monotonic, so that a step of the wall clock moves no lease. */
  readonly now?: (() => number) | undefined;
  /** The most rows of each kind; see `SessionTable`. */
  readonly maxSessions: number;
  /** The rows are a journal of sessions kept elsewhere: one that is not here was forgotten, and deleted only if buried. */
  readonly journal?: boolean;
}

/**
 * Sessions in the memory of this process, with the atomic steps of `SessionStore`. A JavaScript turn is atomic, so
 * there is nothing to lock. The memory store is this table; the cookie store uses it as its journal.
 *
 * What happens when there are as many rows of a kind as may be; no kind makes room for another:
 * - `busy`: each stands for a token request on its way. Never dropped, never refused.
 * - `session`: a new login is refused. In a journal the successor goes that would go next by itself.
 * - `pause`: the one goes that would go next; the provider is asked a little early.
 * - `refused`: the one goes that would go next; its session is gone then, or the provider refuses it once more.
 * - `deleted`: never dropped, and a logout is never refused. New logins are, until the first has had its time.
 */
export class SessionTable {
  readonly #rows: SessionRows;
  readonly #now: () => number;
  readonly #maxSessions: number;
  readonly #isJournal: boolean;

  /** @throws ConfigurationError `invalid_option` for a `maxSessions` below 1 */
  constructor(rows: SessionRows, options: SessionTableOptions) {
    if (!(options.maxSessions >= 1)) throw refuseOption("maxSessions", "Give a number of sessions, 1 or more.");
    this.#rows = rows;
    this.#now = options.now ?? monotonicMilliseconds;
    this.#maxSessions = options.maxSessions;
    this.#isJournal = options.journal ?? false;
  }

  /**
   * Takes a new session. A journal keeps nothing of it, for its cookie says all; it has to be able to bury it one day.
   *
   * @throws RequestError `store_full`
   */
  create(key: string, sealed: string, ttl: number): void {
    const now = this.#now();
    this.#rows.sweep(now);
    const taken = this.#isJournal
      ? this.#rows.count("deleted")
      : this.#rows.count("session") + this.#rows.count("busy");
    if (taken >= this.#maxSessions) throw storeFull();
    if (!this.#isJournal) this.#rows.place({ ...emptyRow(key, now + ttl), sealed }, now);
  }

  /** The row, or a view of what was carried where the row knows nothing newer. */
  read(key: string, carried?: CarriedSession | null): StoredSession | null {
    return this.#view(this.#live(key), carried);
  }

  acquire(key: string, options: AcquireOptions): Acquired {
    const now = this.#now();
    const known = this.#live(key);
    const row = known ?? emptyRow(key, now + options.intent);
    if (row.lease && row.lease.until > now) return { state: "held", remaining: row.lease.until - now };
    const stored = this.#view(known, options.carried);
    if (!stored) return { state: "gone" };
    const fence = Math.max(row.issued, stored.fence) + 1;
    row.issued = fence;
    row.lease = { fence, until: now + options.lease };
    noteIntent(row, fence, now + options.intent, now);
    row.expiresAt = Math.max(row.expiresAt, now + options.intent);
    this.#place(row);
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
    if (!row || row.deleted) return;
    reportBack(row, fence);
    // A newer write stands: what a late holder ran into says nothing about it.
    if (fence >= row.fence) {
      if (options.pause !== undefined) {
        row.pauseUntil = this.#now() + options.pause;
        row.expiresAt = Math.max(row.expiresAt, row.pauseUntil);
      }
      if (options.failures !== undefined) row.failures = options.failures;
    }
    this.#place(row);
  }

  /** Prolongs a session; what has ended is remembered no longer for being asked for. */
  touch(key: string, ttl: number): void {
    const row = this.#live(key);
    if (!row || row.deleted || row.ended) return;
    row.expiresAt = this.#now() + ttl;
    this.#place(row);
  }

  delete(key: string): void {
    const row = this.#rows.get(key);
    if (row) this.#rows.drop(row);
  }

  /** Deletes and remembers for `ttl` milliseconds that it did. */
  bury(key: string, ttl: number): void {
    this.#place(emptyRow(key, this.#now() + ttl, true));
  }

  #view(row: SessionRow | undefined, carried?: CarriedSession | null): StoredSession | null {
    if (!row) return carried ? viewOfCarried(carried) : null;
    if (row.deleted) return null;
    const older = row.sealed === null && !row.ended ? true : carried ? carried.fence > row.fence : false;
    if (!older) return viewOfRow(row, this.#now());
    return carried
      ? { ...viewOfRow(row, this.#now()), sealed: carried.sealed, fence: carried.fence, ended: false }
      : null;
  }

  #write(key: string, fence: number, change: { sealed: string | null; ended: boolean; ttl: number }): CommitResult {
    const known = this.#live(key);
    // A worker that slept through its own row still holds the newest tokens.
    const row = known ?? (this.#isJournal ? emptyRow(key, this.#now() + change.ttl) : undefined);
    if (!row || row.deleted) return "gone";
    reportBack(row, fence);
    const isNewest = fence > row.fence;
    if (isNewest) {
      row.sealed = change.sealed;
      row.ended = change.ended;
      row.fence = fence;
      row.issued = Math.max(row.issued, fence);
      row.failures = 0;
      row.pauseUntil = 0;
      row.expiresAt = this.#now() + change.ttl;
    }
    this.#place(row);
    return isNewest ? "committed" : "superseded";
  }

  #live(key: string): SessionRow | undefined {
    const row = this.#rows.get(key);
    if (!row || row.expiresAt > this.#now()) return row;
    this.#rows.drop(row);
    return undefined;
  }

  #place(row: SessionRow): void {
    const now = this.#now();
    this.#rows.place(row, now);
    this.#rows.sweep(now);
    for (const kind of this.#isJournal ? droppedInJournal : dropped) {
      while (this.#rows.count(kind) > this.#maxSessions) this.#rows.drop(this.#rows.first(kind) as SessionRow);
    }
  }
}

const dropped: readonly RowKind[] = ["refused"];
const droppedInJournal: readonly RowKind[] = ["session", "pause", "refused"];
