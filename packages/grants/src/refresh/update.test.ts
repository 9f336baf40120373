import { describe, expect, it } from "vitest";
import { memoryStore } from "../record/memory-store.ts";
import type { RecordStore } from "../record/record-store.ts";
import { defaultTiming } from "./refresh-world.ts";
import { type UpdateWorld, updateSession } from "./update.ts";

interface Row {
  readonly key: string;
  readonly text: string;
}

function world(change: (store: RecordStore) => Partial<RecordStore> = () => ({})) {
  const clock = { at: 1_000 };
  const memory = memoryStore({ now: () => clock.at });
  memory.create("key", "old", 3_600_000);
  const store = { ...memory, ...change(memory) };
  const fences: number[] = [];
  const made: UpdateWorld<Row> = {
    ...{ store, timing: defaultTiming, elapsed: () => clock.at },
    wait: async (milliseconds) => {
      clock.at += milliseconds;
    },
    open: ({ sealed }) => ({ key: "key", text: sealed }),
    change: async ({ text }, fence) => {
      fences.push(fence);
      return { session: { key: "key", text: `${text}!` }, sealed: `${text}!`, ttl: 1_000 };
    },
  };
  return { clock, store, memory, fences, update: () => updateSession(made, { key: "key" }) };
}

describe("the change of one record", () => {
  it("waits for a token request whose lease has ended, as long as it may report back", async () => {
    const { update, store, clock } = world();
    await store.acquire("key", { lease: 100, intent: 20_000 });
    const begun = clock.at;
    expect(await update()).toMatchObject({ outcome: "updated", session: { text: "old!" } });
    expect(clock.at - begun).toBeGreaterThanOrEqual(20_000);
  });

  it("builds on what the one that held the lease has written", async () => {
    const { update, store, clock, memory } = world((kept) => ({
      async acquire(key, options) {
        const acquired = await kept.acquire(key, options);
        if (acquired.state === "held") await kept.commit(key, held.fence, "newer", 3_600_000);
        return acquired;
      },
    }));
    const acquired = await memory.acquire("key", { lease: 15_000, intent: 30_000 });
    const held = { fence: acquired.state === "acquired" ? acquired.fence : 0 };
    expect(await update()).toMatchObject({ outcome: "updated", session: { text: "newer!" } });
    expect([await store.read("key"), clock.at]).toMatchObject([{ sealed: "newer!" }, 1_025]);
  });

  it("is not written where the lease is nearly over: somebody may refresh what was there before", async () => {
    const slow = { isSlow: true };
    const w = world((kept) => ({
      async acquire(key, options) {
        const acquired = await kept.acquire(key, options);
        if (slow.isSlow) w.clock.at += 14_000;
        slow.isSlow = false;
        return acquired;
      },
    }));
    expect(await w.update()).toMatchObject({ outcome: "updated" });
    expect(w.fences).toHaveLength(2);
  });

  it("gives up where it has waited for as long as a token request may take", async () => {
    const { update } = world(() => ({ acquire: () => ({ state: "held", remaining: 1 }) }));
    expect(await update()).toEqual({ outcome: "busy" });
  });

  it("leaves the pause and the note of failures as they were", async () => {
    const { update, store, memory } = world();
    const acquired = await memory.acquire("key", { lease: 100, intent: 100 });
    if (acquired.state === "acquired") await memory.release("key", acquired.fence, { pause: 60_000, note: "noted" });
    await update();
    expect(await store.read("key")).toMatchObject({ sealed: "old!", pause: 60_000, note: "noted" });
  });
});
