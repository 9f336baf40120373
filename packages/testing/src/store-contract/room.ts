import { equal, failure } from "../assertion.ts";
import type { Bench } from "./bench.ts";
import type { StoreChapter } from "./chapter.ts";
import type { TestSession } from "./test-session.ts";
import { long } from "./times.ts";

/** What a store of a few sessions promises when there are more. */
export function describeRoom({ describe, row, kept }: StoreChapter, room: number): void {
  describe(`a store with room for ${room} sessions`, () => {
    row("says that it is full", async (bench) => {
      await fill(bench, room);
      const error = await refusal(bench);
      equal([error?.code, error?.status], ["store_full", 503]);
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

    kept("keeps every session that it took", async (bench) => {
      const sessions = await fill(bench, room);
      equal(sessions.length, room);
      equal((await refusal(bench))?.code, "store_full");
      for (const session of sessions) equal((await session.read())?.sealed, session.sealed);
    });

    row("lets everybody go on who is logged in while it is full", async (bench) => {
      const [first, second, third] = (await fill(bench, room)) as [TestSession, TestSession, TestSession];
      equal(await first.commit((await first.acquired()).fence, "renewed"), "committed");
      equal((await first.read())?.sealed, "renewed");
      await bench.store.release(second.key, (await second.acquired()).fence, { pause: long, failures: 1 });
      equal((await second.read())?.failures, 1);
      await second.delete();
      equal(await second.read(), null);
      equal(await third.end((await third.acquired()).fence), "committed");
      equal((await third.read())?.ended, true);
    });

    row("has room again", async (bench) => {
      const [first] = (await fill(bench, room)) as [TestSession];
      // What is remembered of a deleted session has its time, too.
      if (bench.store.scope !== "cookie") await first.delete();
      else if (bench.advance) await bench.advance(25 * 3600_000);
      else return;
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
      const isTaken = (await refusal(bench, session)) === null;
      // One that lives in a cookie may come from another process.
      if (!isTaken && bench.store.scope !== "cookie") continue;
      if (fate === "left") continue;
      if (fate === "deleted") {
        await session.delete();
        continue;
      }
      const { fence } = await session.acquired();
      if (fate === "refreshed") await session.commit(fence, "renewed");
      else if (fate === "paused") await bench.store.release(session.key, fence, { pause: long, failures: 1 });
      else await session.end(fence);
    }
  }
}

/** Fills the store, and returns sessions that are logged in. */
async function fill(bench: Bench, room: number): Promise<TestSession[]> {
  const sessions: TestSession[] = [];
  for (let count = 0; count < room; count++) sessions.push(await bench.open("sealed"));
  if (bench.store.scope !== "cookie") return sessions;
  // Of what lives in cookies it remembers only what was deleted.
  for (let count = 0; count < room; count++) await (await bench.open("sealed")).delete();
  return sessions;
}

/** What a new session is refused with; `null` when it was taken. */
async function refusal(
  bench: Bench,
  session: TestSession = bench.session(),
): Promise<{ code: unknown; status: unknown } | null> {
  try {
    await bench.store.create(session.key, session.sealed, long);
    return null;
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error && "status" in error) return error;
    throw failure("an error with code and status", error);
  }
}
