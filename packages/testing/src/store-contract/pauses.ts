import { equal, within } from "../assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { long } from "./times.ts";

export function describePauses({ describe, row }: StoreChapter): void {
  describe("a pause", () => {
    row("keeps its time and the number of failures", async (bench) => {
      const session = await bench.open("sealed");
      await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, failures: 2 });
      const stored = await session.read();
      within(stored?.pause ?? 0, 0, long);
      equal(stored?.failures, 2);
      const next = await session.acquired();
      within(next.stored.pause, 0, long);
      equal(next.stored.failures, 2);
      await bench.store.release(session.key, next.fence);
      within((await session.read())?.pause ?? 0, 0, long);
      equal((await session.read())?.failures, 2);
    });

    row("passes, the failures stay", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      await bench.store.release(session.key, fence, { pause: bench.brief, failures: 1 });
      await bench.passes(bench.brief, async () => (await session.read())?.pause === 0);
      equal((await session.read())?.failures, 1);
    });

    row("is cleared with the failures by a commit", async (bench) => {
      const session = await bench.open("sealed");
      await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, failures: 4 });
      equal(await session.commit((await session.acquired()).fence, "renewed"), "committed");
      const stored = await session.read();
      equal([stored?.pause, stored?.failures], [0, 0]);
    });

    row("is not brought on by who was superseded", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.commit(higher, "renewed"), "committed");
      await bench.store.release(session.key, lower, { pause: long, failures: 1 });
      const stored = await session.read();
      equal([stored?.pause, stored?.failures, stored?.intents], [0, 0, []]);
    });
  });
}
