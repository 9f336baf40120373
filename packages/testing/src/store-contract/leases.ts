import type { Acquired } from "@pixy/grants";
import { above, equal, failure, within } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { untouched } from "./test-session.ts";
import { long } from "./times.ts";

export function describeLeases({ describe, row }: StoreChapter): void {
  describe("a lease", () => {
    row("is held until it is released", async (bench) => {
      const session = await bench.open("sealed");
      const { fence, stored } = await session.acquired();
      equal(stored, { ...untouched, sealed: "sealed" });
      const held = await session.acquire();
      if (held.state !== "held") throw failure("held", held);
      within(held.remaining, 0, long);
      await bench.store.release(session.key, fence);
      await session.acquired();
    });

    row("goes to exactly one of fifty", async (bench) => {
      const session = await bench.open("sealed");
      let last = 0;
      for (let round = 0; round < 3; round++) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => session.acquire()));
        const winners = answers.filter((answer) => answer.state === "acquired");
        equal(winners.length, 1);
        equal(answers.filter((answer) => answer.state === "held").length, 49);
        const { fence } = winners[0] as Acquired & { state: "acquired" };
        above(fence, last);
        last = fence;
        await bench.store.release(session.key, fence);
      }
    });

    row("ends by the store's clock", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired({ lease: bench.brief, intent: long });
      above((await bench.outlived(session)).fence, fence);
    });

    row("is given up by commit and by end, whatever they answer", async (bench) => {
      const session = await bench.open("sealed");
      const first = await session.acquired();
      equal(await session.commit(first.fence, "one"), "committed");
      const second = await session.acquired();
      equal(await session.end(second.fence), "committed");
      const third = await session.acquired();
      equal(await session.commit(second.fence - 1, "late"), "superseded");
      equal((await session.acquire()).state, "held");
      equal(await session.commit(third.fence, "three"), "committed");
      await session.acquired();
    });

    row("is not given up by who lost it", async (bench) => {
      const session = await bench.open("sealed");
      for (const giveUp of [
        (fence: number) => bench.store.release(session.key, fence),
        (fence: number) => session.commit(fence, "late"),
        (fence: number) => session.end(fence),
      ]) {
        const lost = await session.acquired({ lease: bench.brief, intent: long });
        const ours = await bench.outlived(session);
        await giveUp(lost.fence);
        equal((await session.acquire()).state, "held");
        equal(await session.commit(ours.fence, "ours"), "committed");
      }
    });
  });
}
