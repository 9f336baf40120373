import type { RefreshFailures, TokenRequestError } from "@pixy/core";
import type { StoredRecord } from "../record/record-store.ts";
import { readNote, waitBefore } from "./failure-note.ts";
import type { FailedOutcome, RefreshOutcome } from "./refresh-outcome.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/** What the store says already settles it, or `null` when a token request is needed. */
export async function judge<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  stored: StoredRecord | null,
  options: { readonly ignorePause?: boolean } = {},
): Promise<RefreshOutcome<Session> | null> {
  if (!stored) return { outcome: "ended", reason: "gone" };
  if (stored.ended) return { outcome: "ended", reason: "refused" };
  const { sealed } = stored;
  if (sealed !== null && (stored.fence > seen.fence || (await world.isReplaced?.(sealed, seen)))) {
    const session = await world.open({ ...stored, sealed }, seen.key);
    if (session) return { outcome: "refreshed", session };
    return unavailable(1_000, "The record was written in a form that this version cannot read.");
  }
  if (options.ignorePause) return null;
  const wait = waitBefore(stored, world.rules, world.usableUntil(seen), world.now());
  if (wait === 0) return null;
  const failed = readNote(stored);
  return { outcome: failed ? outcomeOf(failed, failed.outcome) : "unavailable", wait, cause: undefined };
}

/** What the store says now settles it, or `null` when a token request is needed. */
export async function lookAgain<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
): Promise<RefreshOutcome<Session> | null> {
  return judge(world, seen, await world.store.read(seen.key));
}

/** The offer of a login stands until a success: later failures of the provider do not withdraw it. */
export function outcomeOf(
  { refusedSince }: RefreshFailures,
  outcome: TokenRequestError["outcome"],
): FailedOutcome["outcome"] {
  return refusedSince !== null || outcome === "ended" ? "refused" : outcome;
}

/** No answer to be had now; `wait` in milliseconds. */
export function unavailable(wait: number, cause: unknown): FailedOutcome {
  return { outcome: "unavailable", wait, cause };
}
