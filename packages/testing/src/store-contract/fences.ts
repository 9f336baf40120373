import { above, equal, failure } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";

export function describeFences({ describe, row }: StoreChapter): void {
  describe("a fence", () => {
    row("only grows", async (bench) => {
      const session = await bench.open("sealed");
      let last = 0;
      const grows = async (acquired: { fence: number }): Promise<number> => {
        above(acquired.fence, last);
        if (!Number.isSafeInteger(acquired.fence)) throw failure("a safe integer", acquired.fence);
        last = acquired.fence;
        return last;
      };
      await bench.store.release(session.key, await grows(await session.acquired()));
      equal(await session.commit(await grows(await session.acquired()), "renewed"), "committed");
      equal(await session.end(await grows(await session.acquired())), "committed");
      await grows(await session.acquired({ lease: bench.brief, intent: bench.brief }));
      await grows(await bench.outlived(session));
    });

    row("orders commits, not the order in which they arrive", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.commit(higher, "newer"), "committed");
      equal(await session.commit(lower, "older"), "superseded");
      equal(await session.end(lower), "superseded");
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence, stored?.ended], ["newer", higher, false]);
    });

    row("lets a later commit stand over an earlier one", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.commit(lower, "older"), "committed");
      equal((await session.read())?.sealed, "older");
      equal(await session.commit(higher, "newer"), "committed");
      equal((await session.read())?.sealed, "newer");
    });

    row("lets nothing change when the same write is sent twice", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      for (let time = 0; time < 2; time++) equal(await session.commit(fence, "renewed"), "committed");
      equal(await session.commit(fence, "another"), "superseded");
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence], ["renewed", fence]);
      const next = await session.acquired();
      for (let time = 0; time < 2; time++) equal(await session.end(next.fence), "committed");
      equal(await session.commit(next.fence, "another"), "superseded");
      const ended = await session.read();
      equal([ended?.sealed, ended?.fence, ended?.ended], [null, next.fence, true]);
    });
  });
}
