import { equal, failure } from "../contract/assertion.ts";
import type { Bench } from "./bench.ts";
import type { StoreChapter } from "./chapter.ts";
import type { TestSession } from "./test-session.ts";
import { long } from "./times.ts";

/** What a store of a few sessions promises when there are more. */
export function describeRoom({ describe, row }: StoreChapter, room: number): void {
  describe(`a store with room for ${room} sessions`, () => {
    row("says that it is full", async (bench) => {
      await fill(bench, room);
      equal(await refusal(bench), "store_full");
    });

    row("keeps a live lease, whatever else comes", async (bench) => {
      const session = await bench.open("sealed");
      const { fence } = await session.acquired();
      await flood(bench, room, ["left", "refreshed", "paused", "ended", "deleted"]);
      equal((await session.acquire()).state, "held");
      equal(await session.commit(fence, "renewed"), "committed");
      equal((await session.read())?.sealed, "renewed");
    });

    row("keeps an intent whose lease has ended, whatever else comes", async (bench) => {
      const session = await bench.open("sealed");
      const { lower, higher } = await bench.twoHolders(session);
      await bench.store.release(session.key, higher);
      await flood(bench, room, ["left", "refreshed", "paused", "ended", "deleted"]);
      equal(
        (await session.read())?.intents.map((intent) => intent.fence),
        [lower],
      );
    });

    row("keeps a session deleted, whatever else comes", async (bench) => {
      const session = await bench.open("sealed");
      await session.delete();
      await flood(bench, room, ["left", "refreshed", "paused", "ended", "deleted"]);
      equal(await session.read(), null);
      equal((await session.acquire()).state, "gone");
    });

    row("keeps a session ended, whatever else comes but ends", async (bench) => {
      const session = await bench.open("sealed");
      equal(await session.end((await session.acquired()).fence), "committed");
      await flood(bench, room, ["left", "refreshed", "paused", "deleted"]);
      const stored = await session.read();
      equal([stored?.sealed, stored?.ended], [null, true]);
    });

    row("keeps every session that it took", async (bench) => {
      const sessions = await fill(bench, room);
      equal(sessions.length, room);
      equal(await refusal(bench), "store_full");
      for (const session of sessions) equal((await session.read())?.sealed, session.sealed);
    });

    row("lets everybody go on who is logged in while it is full", async (bench) => {
      const [first, second, third] = (await fill(bench, room)) as [TestSession, TestSession, TestSession];
      equal(await first.commit((await first.acquired()).fence, "renewed"), "committed");
      equal((await first.read())?.sealed, "renewed");
      await bench.store.release(second.key, (await second.acquired()).fence, { pause: long, note: "1 failures" });
      equal((await second.read())?.note, "1 failures");
      await second.delete();
      equal(await second.read(), null);
      equal(await third.end((await third.acquired()).fence), "committed");
      equal((await third.read())?.ended, true);
    });

    row("replaces a record while it is full, and makes no other", async (bench) => {
      const [first] = (await fill(bench, room)) as [TestSession];
      await bench.store.replace(first.key, "another", long);
      equal((await first.read())?.sealed, "another");
      const { key } = bench.session();
      equal(await refusalOf(async () => bench.store.replace(key, "sealed", long)), "store_full");
      equal(await bench.store.read(key), null);
    });

    row("has room again", async (bench) => {
      const [first] = (await fill(bench, room)) as [TestSession];
      await first.delete();
      equal(await refusal(bench), null);
    });
  });
}

type Fate = "left" | "refreshed" | "paused" | "ended" | "deleted";

/** Thrice as many sessions as there is room for, for each of the fates. */
async function flood(bench: Bench, room: number, fates: readonly Fate[]): Promise<void> {
  for (const fate of fates) {
    for (let count = 0; count < 3 * room; count++) {
      const session = bench.session();
      if ((await refusal(bench, session)) !== null || fate === "left") continue;
      const { fence } = await session.acquired();
      if (fate === "refreshed") await session.commit(fence, "renewed");
      else if (fate === "paused") await bench.store.release(session.key, fence, { pause: long, note: "1 failures" });
      else if (fate === "ended") await session.end(fence);
      else await session.delete();
    }
  }
}

/** Fills the store, and returns sessions that are logged in. */
async function fill(bench: Bench, room: number): Promise<TestSession[]> {
  const sessions: TestSession[] = [];
  for (let count = 0; count < room; count++) sessions.push(await bench.open("sealed"));
  return sessions;
}

/** The code that a new session is refused with; `null` when it was taken. */
async function refusal(bench: Bench, session: TestSession = bench.session()): Promise<unknown> {
  return refusalOf(async () => bench.store.create(session.key, session.sealed, long));
}

async function refusalOf(write: () => Promise<unknown>): Promise<unknown> {
  try {
    await write();
    return null;
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error) return error.code;
    throw failure("an error with a code", error);
  }
}
