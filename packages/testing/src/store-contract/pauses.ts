import { equal, within } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { long } from "./times.ts";

export function describePauses({ describe, row }: StoreChapter): void {
  describe("a pause", () => {
    row("keeps its time and what was noted", async (bench) => {
      const session = await bench.open("sealed");
      await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, note: "2 failures" });
      const stored = await session.read();
      within(stored?.pause ?? 0, 0, long);
      equal(stored?.note, "2 failures");
      const next = await session.acquired();
      within(next.stored.pause, 0, long);
      equal(next.stored.note, "2 failures");
      await bench.store.release(session.key, next.fence);
      within((await session.read())?.pause ?? 0, 0, long);
      equal((await session.read())?.note, "2 failures");
    });

    row("passes, the note stays", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      await bench.store.release(session.key, fence, { pause: bench.brief, note: "1 failures" });
      await bench.passes(bench.brief, async () => (await session.read())?.pause === 0);
      equal((await session.read())?.note, "1 failures");
    });

    row("is cleared with the note by a commit", async (bench) => {
      const session = await bench.open("sealed");
      await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, note: "4 failures" });
      equal(await session.commit((await session.acquired()).fence, "renewed"), "committed");
      const stored = await session.read();
      equal([stored?.pause, stored?.note], [0, null]);
    });

    row("is not brought on by who was superseded", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.commit(higher, "renewed"), "committed");
      await bench.store.release(session.key, lower, { pause: long, note: "1 failures" });
      const stored = await session.read();
      equal([stored?.pause, stored?.note, stored?.intents], [0, null, []]);
    });
  });
}
