import { equal } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { untouched } from "./test-session.ts";
import { long } from "./times.ts";

export function describeDeletions({ describe, row }: StoreChapter): void {
  describe("a deletion", () => {
    row("says what it has deleted, and nothing where there was none", async (bench) => {
      const session = await bench.open("sealed");
      equal(await session.delete(), { ...untouched, sealed: "sealed" });
      equal(await session.delete(), null);
      equal(await bench.session().delete(), null);
    });

    row("says what was written last, and what was under way", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      equal(await session.commit(higher, "renewed"), "committed");
      await bench.store.release(session.key, higher, { note: "3 failures" });
      const deleted = await session.delete();
      equal([deleted?.sealed, deleted?.fence, deleted?.note], ["renewed", higher, "3 failures"]);
      equal(
        deleted?.intents.map(({ fence }) => fence),
        [lower],
      );
    });

    row("says of an ended record that it had ended, and nothing of an expired one", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      equal(await session.end(fence), "committed");
      equal(await session.delete(), { ...untouched, sealed: null, fence, ended: true });
      const brief = await bench.open("sealed", bench.brief);
      await bench.passes(bench.brief, async () => (await brief.read()) === null);
      equal(await brief.delete(), null);
    });

    row("says it to exactly one of twenty", async (bench) => {
      const session = await bench.open("sealed");
      const deleted = await Promise.all(Array.from({ length: 20 }, () => session.delete()));
      equal(
        deleted.filter((one) => one !== null),
        [{ ...untouched, sealed: "sealed" }],
      );
    });

    row(
      "beside a commit says what the commit has written, or else the commit is told that it is gone",
      async (bench) => {
        for (let round = 0; round < 10; round++) {
          const session = await bench.open("sealed");
          const { fence } = await session.acquired();
          const steps = [() => session.delete(), () => session.commit(fence, "renewed")] as const;
          const [deleted, committed] = await inTurn(round, steps);
          equal([deleted?.sealed, committed], committed === "gone" ? ["sealed", "gone"] : ["renewed", "committed"]);
        }
      },
    );

    row("beside a replacement says what stands there no more", async (bench) => {
      for (let round = 0; round < 10; round++) {
        const session = await bench.open("sealed");
        const replace = async () => bench.store.replace(session.key, "another", long);
        const [deleted] = await inTurn(round, [() => session.delete(), replace]);
        const left = (await session.read())?.sealed ?? null;
        equal([deleted?.sealed, left], left === null ? ["another", null] : ["sealed", "another"]);
      }
    });
  });
}

/** Takes two steps at once, now the one first and now the other. */
async function inTurn<One, Other>(
  round: number,
  [one, other]: readonly [() => Promise<One>, () => Promise<Other>],
): Promise<[One, Other]> {
  if (round % 2 === 0) return Promise.all([one(), other()]);
  const second = other();
  return Promise.all([one(), second]);
}
