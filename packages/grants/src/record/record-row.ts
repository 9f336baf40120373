import type { Expiring } from "../process/expiry-queue.ts";
import type { CarriedSession, StoredSession } from "./record-store.ts";

/**
 * What a row is kept for.
 * - `busy`: a token request is on its way, or may be: a live lease or intent.
 * - `session`: a session, or the successor of one that a cookie carries.
 * - `pause`: coordinates the refresh of a carried session, such as how long nobody asks the provider.
 * - `refused`: the refresh token is dead.
 * - `deleted`: a carried session that was logged out.
 */
export type RowKind = "busy" | "session" | "pause" | "refused" | "deleted";

/** What a session table holds of one session. Times are milliseconds of the table's own clock. */
export interface SessionRow extends Expiring {
  readonly key: string;
  /** As of when it was last put in its place. */
  kind: RowKind;
  /** `null` for an ended session, and for a row that only coordinates the refresh of a carried one. */
  sealed: string | null;
  fence: number;
  ended: boolean;
  readonly deleted: boolean;
  /** The highest fence handed out or committed. */
  issued: number;
  lease: { readonly fence: number; readonly until: number } | null;
  intents: readonly { readonly fence: number; readonly until: number }[];
  pauseUntil: number;
  failures: number;
  expiresAt: number;
}

const noIntents: SessionRow["intents"] = [];

export function emptyRow(key: string, expiresAt: number, deleted = false): SessionRow {
  return {
    key,
    kind: "pause",
    sealed: null,
    fence: 0,
    ended: false,
    deleted,
    issued: 0,
    lease: null,
    intents: noIntents,
    pauseUntil: 0,
    failures: 0,
    expiresAt,
    until: expiresAt,
    place: 0,
  };
}

/** The moment from which nobody waits for a token request of this row; 0 when none is on its way. */
export function busyUntil(row: SessionRow): number {
  return row.intents.reduce((latest, { until }) => Math.max(latest, until), row.lease?.until ?? 0);
}

export function kindOf(row: SessionRow, now: number): RowKind {
  if (row.deleted) return "deleted";
  if (busyUntil(row) > now) return "busy";
  if (row.ended) return "refused";
  return row.sealed === null ? "pause" : "session";
}

/** Notes a token request that is about to be sent; those that nobody waits for any more are dropped. */
export function noteIntent(row: SessionRow, fence: number, until: number, now: number): void {
  row.intents = [...row.intents.filter((intent) => intent.until > now), { fence, until }];
}

/** Gives up the intent and the lease of `fence`: its token request has reported back. */
export function reportBack(row: SessionRow, fence: number): void {
  const others = row.intents.filter((intent) => intent.fence !== fence);
  row.intents = others.length === 0 ? noIntents : others;
  if (row.lease?.fence === fence) row.lease = null;
}

/** What the row says at `now`. */
export function viewOfRow(row: SessionRow, now: number): StoredSession {
  return {
    sealed: row.sealed,
    fence: row.fence,
    ended: row.ended,
    pause: Math.max(0, row.pauseUntil - now),
    failures: row.failures,
    intents: row.intents
      .filter(({ until }) => until > now)
      .map(({ fence, until }) => ({ fence, remaining: until - now })),
  };
}

/** What a request carried, where no row knows better. */
export function viewOfCarried(carried: CarriedSession): StoredSession {
  return { sealed: carried.sealed, fence: carried.fence, ended: false, pause: 0, failures: 0, intents: [] };
}
