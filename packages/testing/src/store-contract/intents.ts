import { equal, within } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { long } from "./times.ts";

export function describeIntents({ describe, row }: StoreChapter): void {
  describe("an intent", () => {
    row("is listed with its time until its holder reports back", async (bench) => {
      const session = await bench.open("sealed");
      const fences: number[] = [];
      for (const giveUp of [
        (fence: number) => bench.store.release(session.key, fence),
        (fence: number) => session.commit(fence, "renewed"),
        (fence: number) => session.end(fence),
      ]) {
        const { lower, higher } = await bench.twoHolders(session);
        fences.push(lower, higher);
        const intents = (await session.read())?.intents ?? [];
        equal(
          intents.map((intent) => intent.fence),
          [lower, higher],
        );
        for (const intent of intents) within(intent.remaining, 0, long);
        await giveUp(lower);
        equal(
          (await session.read())?.intents.map((intent) => intent.fence),
          [higher],
        );
        await giveUp(higher);
        equal((await session.read())?.intents, []);
      }
      equal(
        fences,
        [...fences].sort((a, b) => a - b),
      );
    });

    row("is shown to the next holder, who is not shown its own", async (bench) => {
      const session = await bench.open("sealed");
      const first = await session.acquired({ lease: bench.brief, intent: long });
      const second = await bench.outlived(session);
      equal(
        second.stored.intents.map((intent) => intent.fence),
        [first.fence],
      );
    });

    row("is waited for no longer than it says", async (bench) => {
      const session = await bench.open("sealed");
      await session.acquired({ lease: bench.brief, intent: bench.brief });
      await bench.passes(bench.brief, async () => (await session.read())?.intents.length === 0);
    });
  });
}
