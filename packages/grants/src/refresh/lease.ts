import type { StoredRecord } from "../record/record-store.ts";
import { SessionTooLargeError } from "../sealing/too-large.ts";
import { saveLater } from "./commit-retry.ts";
import { writeNote } from "./failure-note.ts";
import { judge, unavailable } from "./judge.ts";
import type { RefreshOutcome } from "./refresh-outcome.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";
import { countIn, type Failed, lostAnswer, type SentTokens } from "./send.ts";

/** What may be done under one lease, which has one fence. Each but `giveBack` ends the refresh. Nothing here rejects. */
export interface Lease<Session> {
  /** Writes the new tokens in the order of fences: the pair that was issued last wins. */
  commit(sent: SentTokens): Promise<RefreshOutcome<Session>>;
  /**
   * The provider says that the token is dead. Believed only when no better answer stands or is on its way, neither to a
   * worker that began before us nor to one that took over when our lease had ended.
   */
  conclude(cause: unknown): Promise<RefreshOutcome<Session>>;
  /** Gives up for now and tells the other workers how long to wait, unless another one has settled it meanwhile. */
  postpone(failed: Failed): Promise<RefreshOutcome<Session>>;
  /** Gives up lease and intent. A store that fails here changes nothing: both end by themselves. */
  giveBack(): Promise<void>;
}

/** The lease that was taken for what was `seen`, under `fence`. */
export function leaseOf<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  fence: number,
): Lease<Session> {
  const { store } = world;

  async function commit({ tokens, sentAt }: SentTokens): Promise<RefreshOutcome<Session>> {
    let renewed: Awaited<ReturnType<typeof world.renew>>;
    try {
      renewed = await world.renew(seen, tokens, fence);
    } catch (error) {
      if (tokens.refreshToken === seen.tokens.refreshToken) {
        return postpone(countIn(world, null, sentAt, error));
      }
      // The tokens do not fit where sessions are kept, and those before are used up.
      if (SessionTooLargeError.isInstance(error)) return conclude(error, "too large");
      // The provider did its part and the answer is lost, with a token that it may not take twice.
      return postpone(countIn(world, null, sentAt, error, lostAnswer));
    }
    const save = () => store.commit(seen.key, fence, renewed.sealed, renewed.ttl);
    try {
      const result = await save();
      if (result === "committed") return { outcome: "refreshed", session: renewed.session };
      if (result === "superseded" || world.isReplaced) {
        const stored = await store.read(seen.key);
        const newer = stored && (await judge(world, seen, stored));
        if (newer) return newer;
      }
      world.onOrphaned(renewed.session);
      return { outcome: "ended", reason: "gone" };
    } catch (error) {
      world.onCommitFailed(renewed.session, error, saveLater(world, renewed.session, save));
      return { outcome: "refreshed", session: renewed.session };
    }
  }

  async function conclude(
    cause: unknown,
    reason: "refused" | "too large" = "refused",
  ): Promise<RefreshOutcome<Session>> {
    const until = world.elapsed() + world.timing.intent;
    try {
      for (let pause = 25; ; pause = Math.min(500, pause * 2)) {
        const stored = await store.read(seen.key);
        const settled = await judge(world, seen, stored, { ignorePause: true });
        if (settled) {
          await giveBack();
          return settled;
        }
        // What is gone was settled.
        const { intents } = stored as StoredRecord;
        const others = intents.filter((intent) => intent.fence !== fence);
        if (others.length > 0 && world.elapsed() < until) {
          // Whoever took over decides with us out of the way; two that wait for each other would never end.
          if (others.some((intent) => intent.fence > fence)) await giveBack();
          await world.wait(pause);
          continue;
        }
        const result = await store.end(seen.key, fence, world.tombstone);
        if (result === "superseded" || (result === "gone" && world.isReplaced)) continue;
        return { outcome: "ended", reason: result === "gone" ? "gone" : reason, cause };
      }
    } catch (error) {
      // Without the store nobody knows whether a newer token stands there, and a session that was ended stays ended.
      await giveBack();
      return unavailable(1_000, error);
    }
  }

  async function postpone({ failed, outcome, cause }: Failed): Promise<RefreshOutcome<Session>> {
    const pause = Math.max(0, failed.pausedUntil - world.now());
    try {
      const stored = await store.read(seen.key);
      const settled = await judge(world, seen, stored, { ignorePause: true });
      if (settled) {
        await giveBack();
        return settled;
      }
      await store.release(seen.key, fence, { pause, note: writeNote({ ...failed, outcome }) });
    } catch {
      // The lease ends by itself.
    }
    return { outcome, wait: pause, cause };
  }

  async function giveBack(): Promise<void> {
    try {
      await store.release(seen.key, fence);
    } catch {
      // The lease ends by itself.
    }
  }

  return { commit, conclude: (cause) => conclude(cause), postpone, giveBack };
}
