import { equal } from "../contract/assertion.ts";
import type { StoreChapter } from "./chapter.ts";
import { type Held, type TestSession, untouched } from "./test-session.ts";
import { lasting, long, until } from "./times.ts";

export function describeSessions({ describe, row }: StoreChapter): void {
  describe("a session", () => {
    row("is read as it was created", async (bench) => {
      const session = await bench.open("sealed");
      equal(await session.read(), { ...untouched, sealed: "sealed" });
    });

    row("is not there before it is created", async (bench) => {
      const session = bench.session();
      equal(await bench.store.read(session.key), null);
      equal(await bench.store.acquire(session.key, lasting), { state: "gone" });
      await bench.store.release(session.key, 1, { pause: long, note: "1 failures" });
      await bench.store.touch(session.key, long);
      equal(await bench.store.read(session.key), null);
    });

    row("is not made by a commit or an end", async (bench) => {
      const session = bench.session();
      equal(await session.commit(1, "sealed"), "gone");
      equal(await session.end(1), "gone");
      equal(await bench.store.read(session.key), null);
    });

    row("comes back byte for byte", async (bench) => {
      for (const sealed of oddStrings) {
        const session = await bench.open(sealed);
        equal((await session.read())?.sealed, sealed);
        const renewed = `${sealed}.`;
        equal(await session.commit((await session.acquired()).fence, renewed), "committed");
        equal((await session.read())?.sealed, renewed);
      }
    });

    row("lives under any key and touches no other", async (bench) => {
      const sessions: TestSession[] = [];
      for (const key of oddKeys) sessions.push(await bench.open(`sealed for ${key}`, long, bench.session().key + key));
      for (const session of sessions) equal((await session.read())?.sealed, session.sealed);
      const [first, ...others] = sessions as [TestSession, ...TestSession[]];
      const { fence } = await first.acquired();
      for (const other of others) await other.acquired();
      equal(await first.commit(fence, "renewed"), "committed");
      await first.delete();
      for (const other of others) {
        equal((await other.read())?.sealed, other.sealed);
        equal((await other.acquire()).state, "held");
      }
    });

    row("expires", async (bench) => {
      const session = await bench.open("sealed", bench.brief);
      await bench.passes(bench.brief, async () => (await session.read()) === null);
      equal((await session.acquire()).state, "gone");
      equal(await session.commit(1, "late"), "gone");
      equal(await session.end(1), "gone");
      await bench.store.touch(session.key, long);
      equal(await session.read(), null);
    });

    row("is prolonged by touch", async (bench) => {
      const session = await bench.open("sealed", long);
      await bench.store.touch(session.key, bench.brief);
      await bench.passes(bench.brief, async () => (await session.read()) === null);
      if (!bench.advance) return;
      const other = await bench.open("sealed", 1_000);
      await bench.advance(900);
      await bench.store.touch(other.key, 1_000);
      await bench.advance(900);
      equal((await other.read())?.sealed, "sealed");
    });

    row("lives on for as long as its commit says", async (bench) => {
      const session = await bench.open("sealed", long);
      equal(await session.commit((await session.acquired()).fence, "renewed", bench.brief), "committed");
      await bench.passes(bench.brief, async () => (await session.read()) === null);
    });

    row("does not expire under a token request", async (bench) => {
      const ttl = 500;
      let session = await bench.open("sealed", ttl);
      let acquired = await session.acquire();
      // A machine that stalled for longer than the session lives has to begin again.
      while (acquired.state === "gone") {
        session = await bench.open("sealed", ttl);
        acquired = await session.acquire();
      }
      if (bench.advance) await bench.advance(2 * ttl);
      else await until(async () => Date.now() > session.createdAt + 2 * ttl);
      equal(await session.commit((acquired as Held).fence, "renewed"), "committed");
    });

    row("is gone once deleted, and nothing in flight brings it back", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      await session.delete();
      equal(await session.read(), null);
      equal(await session.commit(fence, "late"), "gone");
      equal(await session.end(fence), "gone");
      await bench.store.release(session.key, fence, { pause: long, note: "3 failures" });
      await bench.store.touch(session.key, long);
      equal(await session.read(), null);
      equal((await session.acquire()).state, "gone");
      await session.delete();
    });
  });
}

const oddStrings = [
  "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.c2VhbGVk.aXY.dGV4dA.dGFn",
  "x".repeat(16 * 1024 - 1),
  "\u0000\u0001\r\n\t\u007f\u0080\u00ff\u2028\ufeff\uffff",
  "“ключ” 鍵 🗝️ e\u0301",
  `"'\`\\ {} [] % $ & < > ; --`,
  "null",
  "0",
  " padded ",
];

const oddKeys = [
  "",
  ":",
  ":lease",
  "*",
  "{a}",
  "}{",
  "/../x?y#z",
  "%2f",
  " \r\n\t\0",
  "__proto__",
  "🗝️",
  "é",
  "e\u0301",
];
