import type { Acquired, StoredRecord } from "../record/record-store.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/** Milliseconds that must be left of the lease when a change is written. */
const margin = 2_000;

/** What an update takes of a refresh's world. */
export type UpdateWorld<Session extends Pick<Refreshable, "key">> = Pick<
  RefreshWorld<Session & Refreshable>,
  "store" | "timing" | "elapsed" | "wait"
> & {
  /** Opens the newest that is kept; `null` when it cannot be read. */
  open(stored: StoredRecord & { readonly sealed: string }): Promise<Session | null> | Session | null;
  /** Makes what takes its place under `fence` and seals it; `ttl` in milliseconds. What it throws ends the update. */
  change(
    newest: Session,
    fence: number,
  ): Promise<{ readonly session: Session; readonly sealed: string; readonly ttl: number }>;
};

/**
 * - `updated`: `session` is the newest, with what was changed.
 * - `ended`: it was deleted (`gone`), its refresh token is dead (`refused`), or it cannot be read (`unreadable`).
 * - `busy`: whoever refreshes it took too long; nothing was changed.
 */
export type UpdateOutcome<Session> =
  | { readonly outcome: "updated"; readonly session: Session }
  | { readonly outcome: "ended"; readonly reason: "gone" | "refused" | "unreadable" }
  | { readonly outcome: "busy" };

/**
 * Changes one session under the refresh's lease and fence, from the newest that is kept: no refresh is overwritten, and
 * none overwrites it. A token request whose lease has ended is waited for like one that has it, because a write under a higher
 * fence would throw its tokens away.
 *
 * @throws what `change` and the store throw; then nothing was changed, as far as the store says
 */
export async function updateSession<Session extends Pick<Refreshable, "key">>(
  world: UpdateWorld<Session>,
  { key }: Pick<Session, "key">,
): Promise<UpdateOutcome<Session>> {
  const { store, timing } = world;
  const giveUp = world.elapsed() + timing.intent;
  for (let pause = 25; ; pause = Math.min(250, pause * 2)) {
    const leaseEnds = world.elapsed() + timing.lease;
    const acquired = await store.acquire(key, { lease: timing.lease, intent: timing.intent });
    if (acquired.state === "gone") return { outcome: "ended", reason: "gone" };
    if (acquired.state === "acquired") {
      const { fence, stored } = acquired;
      const outcome = await underLease(world, key, acquired, leaseEnds).catch(async (error: unknown) => {
        await giveBack(world, key, fence, stored);
        throw error;
      });
      if (outcome !== null) return outcome;
    }
    if (world.elapsed() >= giveUp) return { outcome: "busy" };
    await world.wait(pause);
  }
}

/** One try; `null` where others are to be waited for. */
async function underLease<Session extends Pick<Refreshable, "key">>(
  world: UpdateWorld<Session>,
  key: string,
  { fence, stored }: Pick<Extract<Acquired, { readonly state: "acquired" }>, "fence" | "stored">,
  leaseEnds: number,
): Promise<UpdateOutcome<Session> | null> {
  const { sealed } = stored;
  const newest = sealed === null ? null : await world.open({ ...stored, sealed });
  if (newest === null || stored.intents.length > 0) {
    await giveBack(world, key, fence, stored);
    if (newest !== null) return null;
    return { outcome: "ended", reason: stored.ended ? "refused" : "unreadable" };
  }
  const { session, sealed: changed, ttl } = await world.change(newest, fence);
  if (leaseEnds - world.elapsed() < margin) {
    // Somebody may refresh what was there before by now, and would write it back.
    await giveBack(world, key, fence, stored);
    return null;
  }
  const result = await world.store.commit(key, fence, changed, ttl);
  if (result === "gone") return { outcome: "ended", reason: "gone" };
  // Our lease had ended, and somebody else has written since.
  if (result === "superseded") return null;
  await giveBack(world, key, fence, stored);
  return { outcome: "updated", session };
}

/** Gives up the lease; whatever failed before is still so. A store that fails here changes nothing. */
async function giveBack(
  { store }: Pick<UpdateWorld<never>, "store">,
  key: string,
  fence: number,
  { pause, note }: StoredRecord,
): Promise<void> {
  try {
    await store.release(key, fence, { ...(pause > 0 ? { pause } : {}), ...(note === null ? {} : { note }) });
  } catch {
    // It ends by itself.
  }
}
