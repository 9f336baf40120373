import type { CarriedSession, StoredSession } from "./session-store.ts";

/** What a session table holds of one session. Times are milliseconds of the table's own clock. */
export interface SessionRow {
  /** `null` for an ended session, and for a row that only coordinates the refresh of a carried one. */
  sealed: string | null;
  fence: number;
  ended: boolean;
  deleted: boolean;
  /** The highest fence handed out or committed. */
  issued: number;
  lease: { readonly fence: number; readonly until: number } | null;
  readonly intents: Map<number, number>;
  pauseUntil: number;
  failures: number;
  expiresAt: number;
}

export function emptyRow(expiresAt: number): SessionRow {
  return {
    sealed: null,
    fence: 0,
    ended: false,
    deleted: false,
    issued: 0,
    lease: null,
    intents: new Map(),
    pauseUntil: 0,
    failures: 0,
    expiresAt,
  };
}

/** Gives up the intent and the lease of `fence`: its token request has reported back. */
export function reportBack(row: SessionRow, fence: number): void {
  row.intents.delete(fence);
  if (row.lease?.fence === fence) row.lease = null;
}

/** What the row says at `now`; intents that nobody waits for any more are dropped. */
export function viewOfRow(row: SessionRow, now: number): StoredSession {
  const intents: { fence: number; remaining: number }[] = [];
  for (const [fence, until] of row.intents) {
    if (until > now) intents.push({ fence, remaining: until - now });
    else row.intents.delete(fence);
  }
  return {
    sealed: row.sealed,
    fence: row.fence,
    ended: row.ended,
    pause: Math.max(0, row.pauseUntil - now),
    failures: row.failures,
    intents,
  };
}

/** What a request carried, where no row knows better. */
export function viewOfCarried(carried: CarriedSession): StoredSession {
  return { sealed: carried.sealed, fence: carried.fence, ended: false, pause: 0, failures: 0, intents: [] };
}
