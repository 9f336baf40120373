import type { OwnerEpochs, RecordIndex } from "@pixy/grants";
import { above, equal } from "../contract/assertion.ts";
import type { Bench } from "./bench.ts";
import type { StoreChapter } from "./chapter.ts";
import { long } from "./times.ts";

/** What a store with an index promises, and one with epochs; a store without keeps these promises by having none. */
export function describeOwners({ describe, row }: StoreChapter): void {
  const indexed = (promise: string, body: (index: RecordIndex, bench: Bench) => Promise<void>) =>
    row(promise, async (bench) => (bench.store.index ? body(bench.store.index, bench) : undefined));
  const counted = (promise: string, body: (epochs: OwnerEpochs, bench: Bench) => Promise<void>) =>
    row(promise, async (bench) => (bench.store.epochs ? body(bench.store.epochs, bench) : undefined));

  describe("an index", () => {
    indexed("finds the records of an owner, and nobody else's", async (index) => {
      const [ada, bob, one, two, three] = names(5);
      await index.add(one, { owner: ada, due: null }, long);
      await index.add(two, { owner: ada, due: long }, long);
      await index.add(three, { owner: bob, due: null }, long);
      equal([...(await index.ofOwner(ada))].sort(), [one, two].sort());
      equal(await index.ofOwner(bob), [three]);
      equal(await index.ofOwner(one), []);
    });

    indexed("notes a record in place of what it noted before", async (index) => {
      const [ada, bob, key] = names(3);
      await index.add(key, { owner: ada, due: 1_000 }, long);
      await index.add(key, { owner: bob, due: null }, long);
      equal([await index.ofOwner(ada), await index.ofOwner(bob)], [[], [key]]);
      equal((await index.dueWithin(long, 1_000)).includes(key), false);
      await index.add(key, { owner: null, due: 1_000 }, long);
      equal([await index.ofOwner(ada), await index.ofOwner(bob)], [[], []]);
      equal((await index.dueWithin(long, 1_000)).includes(key), true);
    });

    indexed("forgets a record that is removed", async (index) => {
      const [ada, key, other] = names(3);
      for (const each of [key, other]) await index.add(each, { owner: ada, due: 0 }, long);
      await index.remove(key);
      await index.remove(key);
      equal(await index.ofOwner(ada), [other]);
      equal((await index.dueWithin(long, 1_000)).includes(key), false);
    });

    indexed("finds what is due, the earliest first and no more than asked for", async (index) => {
      const [late, never, soon, now] = names(4);
      await index.add(late, { owner: null, due: long / 2 }, long);
      await index.add(never, { owner: null, due: null }, long);
      await index.add(soon, { owner: null, due: 60_000 }, long);
      await index.add(now, { owner: null, due: 0 }, long);
      const ours = [late, never, soon, now];
      const due = async (within: number) => (await index.dueWithin(within, 1_000)).filter((key) => ours.includes(key));
      equal(await due(0), [now]);
      equal(await due(60_000), [now, soon]);
      equal(await due(long), [now, soon, late]);
      equal(await due(long), [now, soon, late]);
      equal((await index.dueWithin(long, 2)).length, 2);
    });

    indexed("forgets a record once its time has passed", async (index, bench) => {
      const [ada, key] = names(2);
      await index.add(key, { owner: ada, due: 0 }, bench.brief);
      await bench.passes(bench.brief, async () => (await index.ofOwner(ada)).length === 0);
      equal((await index.dueWithin(long, 1_000)).includes(key), false);
    });
  });

  describe("an owner's epoch", () => {
    counted("is 0 until everything of the owner is ended, and grows each time", async (epochs) => {
      const [ada, bob] = names(2);
      equal(await epochs.of(ada), 0);
      const first = await epochs.advance(ada, long);
      above(first, 0);
      equal(await epochs.of(ada), first);
      const second = await epochs.advance(ada, long);
      above(second, first);
      equal([await epochs.of(ada), await epochs.of(bob)], [second, 0]);
    });

    counted("is kept for as long as the longest time says", async (epochs, bench) => {
      const [ada] = names(1);
      await epochs.advance(ada, long);
      const count = await epochs.advance(ada, 1);
      if (bench.advance) await bench.advance(1_000);
      equal(await epochs.of(ada), count);
    });
  });
}

/** Names that no other test uses. */
function names<Count extends 1 | 2 | 3 | 4 | 5>(count: Count): Names[Count] {
  return Array.from({ length: count }, () => crypto.randomUUID()) as unknown as Names[Count];
}

interface Names {
  readonly 1: readonly [string];
  readonly 2: readonly [string, string];
  readonly 3: readonly [string, string, string];
  readonly 4: readonly [string, string, string, string];
  readonly 5: readonly [string, string, string, string, string];
}
