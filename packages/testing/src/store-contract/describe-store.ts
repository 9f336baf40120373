import type { Runner } from "../contract/runner.ts";
import { describeBeginnings } from "./beginnings.ts";
import { Bench } from "./bench.ts";
import type { StoreChapter } from "./chapter.ts";
import { describeDeletions } from "./deletions.ts";
import { describeEndedSessions } from "./ended-sessions.ts";
import { describeFences } from "./fences.ts";
import { describeGenerations } from "./generations.ts";
import { describeIntents } from "./intents.ts";
import { describeLeases } from "./leases.ts";
import { describeOwners } from "./owners.ts";
import { describePauses } from "./pauses.ts";
import { describeRoom } from "./room.ts";
import { describeSessions } from "./sessions.ts";
import type { StoreContract } from "./store-contract.ts";

/**
 * Runs `RecordStore` as executable promises against a store. Failed promises throw, whatever the runner.
 *
 * @example
 * describeStore({ describe, it }, { name: "my store", create: () => ({ store: myStore() }) });
 */
export function describeStore({ describe, it }: Runner, contract: StoreContract): void {
  const chapterWith = (create: StoreContract["create"]): StoreChapter => {
    const row: StoreChapter["row"] = (promise, body) => {
      it(promise, async () => {
        const { store, advance, close } = await create();
        try {
          await body(new Bench(store, advance));
        } finally {
          await close?.();
        }
      });
    };
    return { describe, row };
  };

  describe(contract.name, () => {
    const chapter = chapterWith(contract.create);
    describeSessions(chapter);
    describeBeginnings(chapter);
    describeDeletions(chapter);
    describeGenerations(chapter);
    describeLeases(chapter);
    describeFences(chapter);
    describeEndedSessions(chapter);
    describeIntents(chapter);
    describePauses(chapter);
    describeOwners(chapter);
    if (contract.small) describeRoom(chapterWith(contract.small.create), contract.small.room);
  });
}
