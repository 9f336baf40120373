import { describe, expect, it } from "vitest";
import { cachedReads, type Living } from "./cached-reads.ts";
import { memoryStore } from "./memory-store.ts";
import type { RecordStore } from "./record-store.ts";

const lease = { lease: 15_000, intent: 30_000 };

/** Two processes on one store whose changes are told when the test says so, and a count of the reads of the first. */
function setUp({ life = 60_000 } = {}) {
  let time = 0;
  let isHeard = true;
  let reads = 0;
  const listeners: ((key: string | null) => void)[] = [];
  const store = memoryStore({ now: () => time });
  let delay: Promise<void> | undefined;
  let isLost = false;
  const counted: RecordStore = {
    ...store,
    async read(key) {
      reads++;
      const stored = await store.read(key);
      await delay;
      return stored;
    },
    async replace(...input) {
      await store.replace(...input);
      if (isLost) throw new Error("lost");
    },
  };
  const changes = {
    listen: (listener: (key: string | null) => void) => void listeners.push(listener),
    isHeard: () => isHeard,
  };
  const readLiving = async (key: string): Promise<Living | null> => {
    const stored = await counted.read(key);
    return stored && { stored, life };
  };
  const ours = cachedReads(counted, { changes, readLiving, maxStaleMs: 10_000, now: () => time });
  return {
    ours,
    theirs: store,
    reads: () => reads,
    tell: (key: string | null) => {
      for (const listener of listeners) listener(key);
    },
    setHeard: (heard: boolean) => {
      isHeard = heard;
    },
    setLost: (lost: boolean) => {
      isLost = lost;
    },
    setDelay: (promise: Promise<void> | undefined) => {
      delay = promise;
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe("reads that are cached", () => {
  it("ask once for a record that nobody changes, and again when it is old", async () => {
    const { ours, theirs, reads, pass } = setUp();
    await theirs.create("a", "sealed", 60_000);
    for (let i = 0; i < 5; i++) expect((await ours.read("a"))?.sealed).toBe("sealed");
    expect(reads()).toBe(1);
    pass(10_000);
    await ours.read("a");
    expect(reads()).toBe(2);
  });

  it("share the answer that is on its way", async () => {
    const { ours, theirs, reads } = setUp();
    await theirs.create("a", "sealed", 60_000);
    const found = await Promise.all(Array.from({ length: 50 }, () => ours.read("a")));
    expect([reads(), new Set(found.map((stored) => stored?.sealed)).size]).toEqual([1, 1]);
  });

  it("see another process' change once they were told, and never the old one again", async () => {
    const { ours, theirs, tell } = setUp();
    await theirs.create("a", "old", 60_000);
    await ours.read("a");
    await theirs.replace("a", "new", 60_000);
    tell("a");
    expect((await ours.read("a"))?.sealed).toBe("new");
    await theirs.delete("a");
    tell("a");
    expect(await ours.read("a")).toBeNull();
  });

  it("do not keep an answer that a change has overtaken, and nobody who asks later shares it", async () => {
    const { ours, theirs, tell, setDelay } = setUp();
    await theirs.create("a", "old", 60_000);
    let arrive = (): void => {};
    setDelay(new Promise((resolve) => (arrive = resolve)));
    const slow = ours.read("a");
    await Promise.resolve();
    await theirs.replace("a", "new", 60_000);
    tell("a");
    setDelay(undefined);
    const later = ours.read("a");
    arrive();
    expect([(await slow)?.sealed, (await later)?.sealed, (await ours.read("a"))?.sealed]).toEqual([
      "old",
      "new",
      "new",
    ]);
  });

  it("see their own process' changes at once, also where one failed", async () => {
    const { ours, setLost } = setUp();
    await ours.create("a", "first", 60_000);
    await ours.read("a");
    const acquired = await ours.acquire("a", lease);
    if (acquired.state !== "acquired") throw new Error(acquired.state);
    expect((await ours.read("a"))?.intents).toHaveLength(1);
    await ours.commit("a", acquired.fence, "second", 60_000);
    expect((await ours.read("a"))?.sealed).toBe("second");
    // The answer to a change may be lost after it was made.
    setLost(true);
    await expect(ours.replace("a", "third", 60_000)).rejects.toThrow("lost");
    expect((await ours.read("a"))?.sealed).toBe("third");
  });

  it("keep nothing while not every change is heard, and nothing from before", async () => {
    const { ours, theirs, reads, setHeard, tell } = setUp();
    await theirs.create("a", "old", 60_000);
    await ours.read("a");
    setHeard(false);
    tell(null);
    await theirs.replace("a", "new", 60_000);
    expect((await ours.read("a"))?.sealed).toBe("new");
    await ours.read("a");
    expect(reads()).toBe(3);
    setHeard(true);
    await ours.read("a");
    await ours.read("a");
    expect(reads()).toBe(4);
  });

  it("keep no record with something under way, none that has ended, and none that does not exist", async () => {
    const { ours, theirs, reads } = setUp();
    const twice = async (key: string): Promise<void> => void [await ours.read(key), await ours.read(key)];
    await twice("none");
    await theirs.create("a", "sealed", 60_000);
    const acquired = await theirs.acquire("a", lease);
    if (acquired.state !== "acquired") throw new Error(acquired.state);
    await twice("a");
    await theirs.release("a", acquired.fence, { pause: 5_000 });
    await twice("a");
    await theirs.end("a", acquired.fence + 1, 60_000);
    await twice("a");
    expect(reads()).toBe(8);
  });

  it("keep no record for longer than it lives", async () => {
    const { ours, pass } = setUp({ life: 500 });
    await ours.create("a", "sealed", 500);
    await ours.read("a");
    pass(500);
    expect(await ours.read("a")).toBeNull();
  });
});
