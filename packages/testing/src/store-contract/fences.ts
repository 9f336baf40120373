import type { CommitResult } from "@pixy/grants";
import { above, equal, failure } from "../assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { lasting, long } from "./times.ts";

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

    row("is higher than what the browser's cookie carries", async (bench) => {
      if (bench.store.scope !== "cookie") return;
      const carried = { sealed: "from another process", fence: 41 };
      const { key } = bench.session();
      equal((await bench.store.read(key, carried))?.sealed, carried.sealed);
      const acquired = await bench.store.acquire(key, { ...lasting, carried });
      if (acquired.state !== "acquired") throw failure("acquired", acquired);
      above(acquired.fence, 41);
      equal(acquired.stored.sealed, carried.sealed);
      equal(await bench.store.commit(key, acquired.fence, "renewed", long), "committed");
      equal((await bench.store.read(key, carried))?.sealed, "renewed");
      equal((await bench.store.read(key, { sealed: "newer", fence: acquired.fence + 1 }))?.sealed, "newer");
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
      equal(await session.commit(fence, "renewed"), "committed");
      const again: CommitResult = await session.commit(fence, "renewed");
      if (again === "gone") throw failure("committed or superseded", again);
      const stored = await session.read();
      equal([stored?.sealed, stored?.fence], ["renewed", fence]);
    });
  });
}
