import { equal } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { long } from "./times.ts";

export function describeEndedSessions({ describe, row }: StoreChapter): void {
  describe("an ended session", () => {
    row("keeps its fence and hands out no session", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      equal(await session.end(fence), "committed");
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence, stored?.ended, stored?.intents], [null, fence, true, []]);
      const next = await session.acquired();
      equal([next.stored.sealed, next.stored.ended], [null, true]);
    });

    row("is revived by a commit with a higher fence", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.end(lower), "committed");
      equal(await session.commit(higher, "alive"), "committed");
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence, stored?.ended], ["alive", higher, false]);
    });

    row("is not revived by a commit with a lower fence", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.end(higher), "committed");
      equal(await session.commit(lower, "late"), "superseded");
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence, stored?.ended], [null, higher, true]);
    });

    row("is forgotten after its time, and does not come back", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.end(lower, bench.brief), "committed");
      await bench.passes(bench.brief, async () => (await session.read()) === null);
      equal(await session.commit(higher, "late"), "gone");
      await bench.store.touch(session.key, long);
      equal((await session.acquire()).state, "gone");
      equal(await session.read(), null);
    });

    row("is remembered no longer for being touched", async (bench) => {
      const session = await bench.open("sealed");
      equal(await session.end((await session.acquired()).fence, bench.brief), "committed");
      await bench.store.touch(session.key, long);
      await bench.passes(bench.brief, async () => (await session.read()) === null);
    });
  });
}
