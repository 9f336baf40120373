import { equal } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { untouched } from "./test-session.ts";
import { long } from "./times.ts";

export function describeBeginnings({ describe, row }: StoreChapter): void {
  describe("create", () => {
    row("leaves alone what is there", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      equal(await bench.store.create(session.key, "another", long), "exists");
      equal((await session.read())?.sealed, "sealed");
      equal(await session.commit(fence, "renewed"), "committed");
      equal(await bench.store.create(session.key, "another", long), "exists");
      equal(await bench.store.create(session.key, "sealed", long), "exists");
      equal((await session.read())?.sealed, "renewed");
      equal(await session.end((await session.acquired()).fence), "committed");
      equal(await bench.store.create(session.key, "another", long), "exists");
      equal((await session.read())?.ended, true);
    });

    row("says the same when it is sent twice", async (bench) => {
      const { key } = bench.session();
      equal(await bench.store.create(key, "sealed", long), "created");
      equal(await bench.store.create(key, "sealed", long), "created");
      equal(await bench.store.read(key), { ...untouched, sealed: "sealed" });
    });

    row("is for exactly one of fifty", async (bench) => {
      const { key } = bench.session();
      const numbers = Array.from({ length: 50 }, (_, number) => number);
      const answers = await Promise.all(numbers.map(async (number) => bench.store.create(key, `${number}`, long)));
      equal(answers.filter((answer) => answer === "exists").length, 49);
      equal((await bench.store.read(key))?.sealed, `${answers.indexOf("created")}`);
    });

    row("is free again once what was there has expired", async (bench) => {
      const session = await bench.open("sealed", bench.brief);
      await bench.passes(bench.brief, async () => (await bench.store.create(session.key, "new", long)) === "created");
      equal((await session.read())?.sealed, "new");
    });
  });

  describe("replace", () => {
    row("makes a record where none is", async (bench) => {
      const { key } = bench.session();
      await bench.store.replace(key, "sealed", long);
      equal(await bench.store.read(key), { ...untouched, sealed: "sealed" });
    });

    row("leaves nothing of what was there: no lease, intent, pause, failure, fence or end", async (bench) => {
      for (const happens of [
        async () => {},
        (key: string, fence: number) => bench.store.release(key, fence, { pause: long, note: "3 failures" }),
        (key: string, fence: number) => bench.store.commit(key, fence, "renewed", long),
        (key: string, fence: number) => bench.store.end(key, fence, long),
      ]) {
        const session = await bench.open("sealed");
        await happens(session.key, (await session.acquired()).fence);
        await bench.store.replace(session.key, "another", long);
        equal(await session.read(), { ...untouched, sealed: "another" });
        equal((await session.acquired()).stored, { ...untouched, sealed: "another" });
      }
    });

    row("keeps its record for as long as it says", async (bench) => {
      const session = await bench.open("sealed");
      await bench.store.replace(session.key, "another", bench.brief);
      await bench.passes(bench.brief, async () => (await session.read()) === null);
    });
  });
}
