import { above, equal } from "../contract/assertion.ts";
import type { Bench } from "./bench.ts";
import type { StoreChapter } from "./chapter.ts";
import { type TestSession, untouched } from "./test-session.ts";
import { long } from "./times.ts";

/** How another record comes to stand under the same key. */
const ways: Readonly<Record<string, (bench: Bench, session: TestSession) => Promise<void>>> = {
  "was replaced": async ({ store }, { key }) => store.replace(key, "another", long),
  "was deleted and created again": async ({ store }, { key }) => {
    await store.delete(key);
    equal(await store.create(key, "another", long), "created");
  },
  "was deleted and put in its place again": async ({ store }, { key }) => {
    await store.delete(key);
    await store.replace(key, "another", long);
  },
};

export function describeGenerations({ describe, row }: StoreChapter): void {
  describe("a key that comes back", () => {
    for (const [what, comesBack] of Object.entries(ways)) {
      row(`takes no late write of the record that ${what}`, async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        await comesBack(bench, session);
        for (const late of [lower, higher]) {
          equal(await session.commit(late, "late"), "gone");
          equal(await session.end(late), "gone");
          await bench.store.release(session.key, late, { pause: long, note: "3 failures" });
        }
        equal(await session.read(), { ...untouched, sealed: "another" });
        const { fence } = await session.acquired();
        above(fence, higher);
        equal(await session.commit(lower, "late"), "gone");
        equal(await session.end(higher), "gone");
        await bench.store.release(session.key, higher, { pause: long, note: "3 failures" });
        equal((await session.acquire()).state, "held");
        equal(await session.commit(fence, "renewed"), "committed");
        equal(await session.read(), { ...untouched, sealed: "renewed", fence });
      });
    }

    row("has fences that only grow", async (bench) => {
      const session = await bench.open("sealed");
      let last = 0;
      for (let round = 0; round < 3; round++) {
        for (const comesBack of Object.values(ways)) {
          const { fence } = await session.acquired();
          above(fence, last);
          last = fence;
          await comesBack(bench, session);
        }
      }
    });
  });
}
