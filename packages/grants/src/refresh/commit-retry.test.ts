import { describe, expect, it } from "vitest";
import { tokensWith } from "../../test/tokens.ts";
import type { CommitResult } from "../record/record-store.ts";
import { saveLater } from "./commit-retry.ts";
import { defaultTiming, type Refreshable } from "./refresh-world.ts";

const session: Refreshable = { key: "key", fence: 1, tokens: tokensWith() };

/** A store that fails until `backAt`, in milliseconds from now, and then gives `answer`. */
function world(backAt: number, answer: CommitResult = "committed", intent = defaultTiming.intent) {
  const clock = { at: 0 };
  const attempts: number[] = [];
  const orphans: Refreshable[] = [];
  const saved = saveLater(
    {
      timing: { ...defaultTiming, intent },
      elapsed: () => clock.at,
      wait: async (milliseconds) => {
        clock.at += milliseconds;
      },
      onOrphaned: (orphan) => void orphans.push(orphan),
    },
    session,
    async () => {
      attempts.push(clock.at);
      if (clock.at < backAt) throw new Error("away");
      return answer;
    },
  );
  return { saved, attempts, orphans };
}

describe("a commit that the store did not take", () => {
  it("is tried again after pauses that double, until the store takes it", async () => {
    const { saved, attempts, orphans } = world(3_000);
    expect(await saved).toBe(true);
    expect(attempts).toEqual([250, 750, 1_750, 3_750]);
    expect(orphans).toEqual([]);
  });

  it("is settled by a newer one", async () => {
    const { saved, orphans } = world(0, "superseded");
    expect([await saved, orphans]).toEqual([true, []]);
  });

  it("leaves an orphan where the session was deleted meanwhile", async () => {
    const { saved, orphans } = world(0, "gone");
    expect([await saved, orphans]).toEqual([true, [session]]);
  });

  it("is given up when nobody waits for the intent any more", async () => {
    const { saved, attempts } = world(Number.POSITIVE_INFINITY);
    expect(await saved).toBe(false);
    expect(attempts.at(-1)).toBeGreaterThanOrEqual(defaultTiming.intent);
    expect(attempts.at(-2)).toBeLessThan(defaultTiming.intent);
  });

  it("is not tried again at the very moment when the intent ends", async () => {
    const { saved, attempts } = world(Number.POSITIVE_INFINITY, "committed", 750);
    expect([await saved, attempts]).toEqual([false, [250, 750]]);
  });
});
