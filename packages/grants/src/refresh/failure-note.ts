import { nextRefreshAt, type RefreshFailures, type RefreshTokenRules, type TokenRequestOutcome } from "@pixy/core";
import type { StoredRecord } from "../record/record-store.ts";

/** What failed since the last success, and how it failed last. */
export interface NotedFailures extends RefreshFailures {
  readonly outcome: TokenRequestOutcome;
}

/** Writes what failed since the last success, so that a record can keep it. */
export function writeNote(failed: NotedFailures): string {
  return JSON.stringify(failed);
}

/** Reads what a record noted; `null` where nothing failed, or where another version wrote it. */
export function readNote({ note }: Pick<StoredRecord, "note">): NotedFailures | null {
  if (note === null) return null;
  try {
    const failed = JSON.parse(note) as NotedFailures;
    return typeof failed.failures === "number" && typeof failed.pausedUntil === "number" ? failed : null;
  } catch {
    return null;
  }
}

/**
 * Milliseconds until the refresh token may be sent, 0 for at once. The pause is counted by the store's clock; what a lost
 * answer asks for depends on when the access token ends, `usableUntil` in milliseconds since 1970.
 */
export function waitBefore(stored: StoredRecord, rules: RefreshTokenRules, usableUntil: number, now: number): number {
  const failed = readNote(stored);
  const next = nextRefreshAt(failed && { ...failed, pausedUntil: 0 }, rules, usableUntil, now);
  return Math.max(stored.pause, next - now, 0);
}
