import type { RefreshFailures } from "@pixy/core";
import { readNote } from "./failure-note.ts";
import { judge, lookAgain, unavailable } from "./judge.ts";
import { type Lease, leaseOf } from "./lease.ts";
import type { RefreshOutcome } from "./refresh-outcome.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";
import { sendUnderLease } from "./send.ts";

/**
 * Refreshes one session, at most one token request at a time over all workers that share the store, in named steps:
 * take the lease, look again, request, commit in the order of fences. Never rejects.
 *
 * Fences order the store, not the provider: a worker that is paused for longer than its lease may still send an old
 * token. Nobody can rule that out; what can be ruled out is that its late result wins over a newer one, or that its
 * refusal ends a session whose good answer is still on its way. The latter is what intents are for.
 */
export async function refreshSession<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
): Promise<RefreshOutcome<Session>> {
  const { store, timing } = world;
  const giveUp = world.elapsed() + timing.patience;
  let pollAfter = 25;
  for (;;) {
    const asked = world.elapsed();
    let lease: Lease<Session>;
    let noted: RefreshFailures | null;
    try {
      const acquired = await store.acquire(seen.key, {
        lease: timing.lease,
        intent: timing.intent,
      });
      if (acquired.state === "gone") return { outcome: "ended", reason: "gone" };
      if (acquired.state === "held") {
        if (world.elapsed() >= giveUp) return unavailable(1_000, "Another worker holds the refresh for too long.");
        await waitForHolder(world, seen, Math.min(pollAfter, acquired.remaining));
        pollAfter = Math.min(250, pollAfter * 2);
        const settled = await lookAgain(world, seen);
        if (settled) return settled;
        continue;
      }
      lease = leaseOf(world, seen, acquired.fence);
      noted = readNote(acquired.stored);
      const settled = await judge(world, seen, acquired.stored);
      if (settled) {
        await lease.giveBack();
        return settled;
      }
    } catch (error) {
      // The token could not be saved, so it is not spent.
      return unavailable(1_000, error);
    }

    const sent = await sendUnderLease(world, seen, noted, asked + timing.lease);
    switch (sent.result) {
      case "tokens":
        return lease.commit(sent);
      case "refused":
        return lease.conclude(sent.cause);
      case "lease too short":
        // Look at the world anew, under a new lease, before the token is sent.
        await lease.giveBack();
        if (world.elapsed() >= giveUp) return unavailable(1_000, "No lease lasts long enough for a token request.");
        continue;
      case "failed":
        return lease.postpone(sent);
    }
  }
}

/** Waits until it is time to look again, or until the store says that the holder has reported back. */
async function waitForHolder<Session extends Refreshable>(
  { store, wait }: RefreshWorld<Session>,
  { key }: Session,
  milliseconds: number,
): Promise<void> {
  const later = wait(milliseconds);
  await (store.settled === undefined ? later : Promise.race([later, store.settled(key, milliseconds)]));
}
