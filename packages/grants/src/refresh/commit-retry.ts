import type { CommitResult, MaybePromise } from "../record/record-store.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/** Tries to save until nobody waits for our intent any more; tells whether the store has taken it, or something newer. */
export async function saveLater<Session extends Refreshable>(
  world: Pick<RefreshWorld<Session>, "timing" | "elapsed" | "wait" | "onOrphaned">,
  session: Session,
  save: () => MaybePromise<CommitResult>,
): Promise<boolean> {
  const until = world.elapsed() + world.timing.intent;
  for (let pause = 250; world.elapsed() < until; pause = Math.min(4_000, pause * 2)) {
    await world.wait(pause);
    try {
      if ((await save()) === "gone") world.onOrphaned(session);
      return true;
    } catch {
      // The store is still away; the caller was told when the first attempt failed.
    }
  }
  return false;
}
