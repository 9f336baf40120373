import {
  type Acquired,
  type CommitResult,
  emptyRecord,
  monotonicMilliseconds,
  type Operation,
  processState,
  type RecordState,
  Records,
  type RefreshStore,
  type StoredRecord,
  StoreFullError,
  step,
  viewOf,
} from "@pixy/grants";
import { longestMemory, onItsWay } from "../settings/lifetimes.ts";

/** What a request's cookie carries of its session. */
export interface CarriedSession {
  /** The sealed session as the browser sent it. */
  readonly sealed: string;
  /** The fencing number of the commit that wrote it. */
  readonly fence: number;
}

/**
 * What this process changed lately of the sessions that live in cookies. It makes parallel requests, late requests with
 * an old cookie, and logout right within one process; other processes know nothing of it.
 *
 * It takes the steps of a store, with four differences: before a lease it adopts what the cookie carries where it knows
 * nothing newer; a write finds an empty record where there is none, because the session is in the browser; what was noted
 * of failures is kept for a day, also after its pause; and a cookie that is newer than the note ends both.
 */
export interface Journal {
  /**
   * Lets a new login in, which has to be able to log out one day.
   *
   * @throws StoreFullError while there are too many logouts to remember
   */
  admit(): void;
  /** What a carried session is now; `null` once it was buried. */
  read(key: string, carried: CarriedSession): StoredRecord | null;
  /** The journal as the refresh of one carried session sees it. */
  carrying(carried: CarriedSession): RefreshStore;
  /** Keeps what a refresh brought for a day: its cookie did not reach the browser, which comes back with the one before. */
  hold(key: string): void;
  /** Remembers for `ttl` milliseconds, a day at most, that a session is gone. */
  bury(key: string, ttl: number): void;
}

export interface JournalOptions {
  /** Milliseconds since 1970. Journals of one clock hold the same records. */
  readonly now?: (() => number) | undefined;
  /**
   * How many records are kept of each kind: refreshed within a minute, waiting after a failed refresh, refused, and logged
   * out. Of the first three the next to be forgotten goes first. A logout is never forgotten early; new logins wait for
   * room. Default 100,000, or about 25 MB of logouts.
   */
  readonly maxRecords?: number | undefined;
}

/** Milliseconds for which a request with the cookie of before a refresh gets what the refresh brought. */
const successorWindow = onItsWay;

export function createJournal(options: JournalOptions = {}): Journal {
  const { maxRecords = 100_000 } = options;
  const now = options.now ?? monotonicMilliseconds;
  const records = recordsOf(now);

  /** Takes a step of the record; where there is none, of an empty one: it was forgotten, and its holder is not. */
  function take(key: string, operation: Operation, ttl: number): unknown {
    const at = now();
    const [record, answer] = step(live(key, at) ?? { ...emptyRecord, expiresAt: at + ttl }, operation, at);
    keep(key, record, at);
    return answer;
  }

  function keep(key: string, record: RecordState | null, at: number): void {
    records.set(key, record, at);
    records.sweep(at);
    // Many at once may have become one of these, as nobody waited for their token requests any more.
    for (const kind of ["live", "paused", "ended"] as const) {
      while (records.count(kind) > maxRecords) records.dropFirst(kind);
    }
  }

  function live(key: string, at: number): RecordState | null {
    const record = records.get(key);
    return record !== null && record.expiresAt > at ? record : null;
  }

  /** The record as a request with this cookie sees it: another process's success ends a pause and what was noted. */
  function seen(record: RecordState | null, carried: CarriedSession): RecordState | null {
    if (record === null || record.note === null) return record;
    const space = record.note.indexOf(" ");
    const isHealed = carried.fence > Number(record.note.slice(0, space));
    return isHealed ? { ...record, note: null, pauseUntil: 0 } : { ...record, note: record.note.slice(space + 1) };
  }

  /** The record with what was carried in the place of what it does not know better. */
  function adopted(known: RecordState | null, carried: CarriedSession, expiresAt: number): RecordState {
    const record = seen(known, carried);
    if (record === null) return { ...emptyRecord, ...carried, issued: carried.fence, expiresAt };
    const isNewer = (record.sealed === null && !record.ended) || carried.fence > record.fence;
    if (record.deleted || !isNewer) return record;
    return { ...record, ...carried, issued: Math.max(record.issued, carried.fence), ended: false };
  }

  function acquire(key: string, carried: CarriedSession, options: { lease: number; intent: number }): Acquired {
    const at = now();
    const record = live(key, at);
    const [next, answer] = step(adopted(record, carried, at + options.intent), ["acquire", options], at);
    // What the cookie carries is not kept: it comes with each request.
    const { sealed, fence, ended, note, pauseUntil } = record ?? emptyRecord;
    keep(key, next && (next.deleted ? next : { ...next, sealed, fence, ended, note, pauseUntil }), at);
    return answer as Acquired;
  }

  function read(key: string, carried: CarriedSession): StoredRecord | null {
    const at = now();
    const record = live(key, at);
    // Nearly every request: this process has changed nothing of the session.
    if (record === null) return { ...carried, ended: false, pause: 0, note: null, intents: [] };
    return record.deleted ? null : viewOf(adopted(record, carried, at), at);
  }

  return {
    admit() {
      records.sweep(now());
      if (records.count("deleted") >= maxRecords) throw new StoreFullError();
    },
    read,
    carrying: (carried) => ({
      read: (key) => read(key, carried),
      acquire: (key, options) => acquire(key, carried, options),
      commit: (key, fence, sealed, ttl) => {
        const window = Math.min(ttl, successorWindow);
        return take(key, ["commit", fence, sealed, window], window) as CommitResult;
      },
      end: (key, fence, ttl) => {
        const window = Math.min(ttl, longestMemory);
        return take(key, ["end", fence, window], window) as CommitResult;
      },
      release: (key, fence, release) => {
        const at = now();
        const record = live(key, at);
        if (record === null) return;
        // The cookie that it belongs to stands in front of a note.
        const noted = release?.note === undefined ? release : { ...release, note: `${carried.fence} ${release.note}` };
        const [next] = step(record, ["release", fence, noted], at);
        // What was noted outlives the pause: a day, as an end does.
        keep(key, next?.note ? { ...next, expiresAt: Math.max(next.expiresAt, at + longestMemory) } : next, at);
      },
    }),
    hold(key) {
      const at = now();
      const record = live(key, at);
      if (record?.sealed) keep(key, { ...record, expiresAt: Math.max(record.expiresAt, at + longestMemory) }, at);
    },
    bury(key, ttl) {
      const at = now();
      keep(key, { ...emptyRecord, deleted: true, expiresAt: at + Math.min(ttl, longestMemory) }, at);
    },
  };
}

/** The records of this process that are kept by one clock: Next loads this module several times. */
function recordsOf(now: () => number): Records {
  if (now === monotonicMilliseconds) return processState("journal", () => new Records());
  const byClock = processState("journals by clock", () => new WeakMap<() => number, Records>());
  const records = byClock.get(now) ?? new Records();
  byClock.set(now, records);
  return records;
}
