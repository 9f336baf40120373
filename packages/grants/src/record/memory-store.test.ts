import { describe, expect, it } from "vitest";
import { memoryStore } from "./memory-store.ts";
import type { StoredRecord } from "./record-store.ts";

const acquire = { lease: 15_000, intent: 30_000 };
const full = expect.objectContaining({ name: "StoreFullError", code: "store_full" });

function world(maxSessions?: number) {
  const clock = { at: 1_000_000 };
  const store = memoryStore({ now: () => clock.at, ...(maxSessions === undefined ? {} : { maxSessions }) });
  return {
    clock,
    store,
    fence(key: string): number {
      const acquired = store.acquire(key, acquire);
      if (acquired instanceof Promise || acquired.state !== "acquired") throw new Error("held or gone");
      return acquired.fence;
    },
    there: (...keys: string[]) => keys.filter((key) => store.read(key) !== null),
  };
}

describe("memory store", () => {
  it.each([
    [{ maxRecords: 10 }, "maxRecords"],
    ["name", "options"],
  ])("refuses the options %j", (options, option) => {
    expect(() => memoryStore(options as object)).toThrow(expect.objectContaining({ code: "invalid_option", option }));
  });

  it("is the same for every module of the process that names it, and another one under another name", async () => {
    await memoryStore({ name: "shared by name" }).create("key", "sealed", 60_000);
    expect(await memoryStore({ name: "shared by name" }).read("key")).toMatchObject({ sealed: "sealed" });
    expect(await memoryStore({ name: "another" }).read("key")).toBeNull();
    expect(await memoryStore({ name: "shared by name", now: () => 0 }).read("key")).toBeNull();
    await memoryStore({ name: "shared by name" }).delete("key");
  });

  it("takes 100,000 records, unless it is told otherwise", async () => {
    const store = memoryStore({ now: () => 0 });
    for (let count = 0; count < 100_000; count++) store.create(`record ${count}`, "sealed", 60_000);
    expect(() => store.create("one more", "sealed", 60_000)).toThrow(full);
    expect(await store.read("record 0")).toMatchObject({ sealed: "sealed" });
    await store.delete("record 0");
    await store.create("one more", "sealed", 60_000);
  });

  it("says what it is", () => {
    expect(memoryStore()).toMatchObject({ name: "memory", reach: "process" });
  });

  it.each([0, -1, Number.NaN, "many"])("refuses %s for the most records", (maxSessions) => {
    const code = expect.objectContaining({ code: "invalid_option", option: "maxSessions" });
    expect(() => memoryStore({ maxSessions: maxSessions as number })).toThrow(code);
  });
});

describe("a memory store without room", () => {
  it("refuses a new record and drops nobody's, and has room as soon as one has ended by itself", () => {
    const { store, clock, there } = world(2);
    store.create("a", "sealed", 2_000);
    store.create("b", "sealed", 1_000);
    expect(() => store.create("c", "sealed", 1_000)).toThrow(full);
    expect(() => store.replace("c", "sealed", 1_000)).toThrow(full);
    expect(there("a", "b", "c")).toEqual(["a", "b"]);
    clock.at += 1_000;
    store.create("c", "sealed", 1_000);
    expect(there("a", "b", "c")).toEqual(["a", "c"]);
  });

  it("goes on for those that are there: refreshed, replaced, created once more", () => {
    const { store, fence } = world(1);
    store.create("a", "sealed", 60_000);
    expect(store.create("a", "another", 60_000)).toBe("exists");
    expect(store.commit("a", fence("a"), "refreshed", 60_000)).toBe("committed");
    store.replace("a", "replaced", 60_000);
    expect(store.read("a")).toMatchObject({ sealed: "replaced" });
  });

  it("lets one be replaced and created once more while it is refreshed", () => {
    const { store, fence } = world(1);
    store.create("a", "sealed", 60_000);
    fence("a");
    expect(store.create("a", "another", 60_000)).toBe("exists");
    store.replace("a", "replaced", 60_000);
    expect(store.read("a")).toMatchObject({ sealed: "replaced" });
  });

  it("refuses a new note and a new owner's end, goes on for those that are there, and forgets what has ended", async () => {
    const { store, clock } = world(1);
    const { index, epochs } = store;
    if (!index || !epochs) throw new Error("The store has neither.");
    const note = { owner: "ada", due: 500 };
    const refused = async (task: () => unknown) => expect((async () => task())()).rejects.toEqual(full);
    await index.add("a", note, 1_000);
    await index.add("a", note, 2_000);
    await refused(() => index.add("b", note, 1_000));
    expect([await index.ofOwner("ada"), await index.dueWithin(500, 9)]).toEqual([["a"], ["a"]]);
    expect([await epochs.advance("ada", 1_000), await epochs.advance("ada", 2_000)]).toEqual([1, 2]);
    await refused(() => epochs.advance("bob", 1_000));
    expect([await epochs.of("ada"), await epochs.of("bob")]).toEqual([2, 0]);
    clock.at += 2_000;
    await index.add("b", note, 1_000);
    expect([await epochs.advance("bob", 1_000), await epochs.of("ada")]).toEqual([1, 0]);
    await index.remove("b");
    expect(await index.ofOwner("ada")).toEqual([]);
  });

  it("counts a record as one while it is refreshed, and not once it has ended", () => {
    const { store, fence, there } = world(1);
    store.create("a", "sealed", 60_000);
    const first = fence("a");
    expect(() => store.create("b", "sealed", 1_000)).toThrow(full);
    store.end("a", first, 60_000);
    store.create("b", "sealed", 1_000);
    expect([store.read("a"), there("b")]).toEqual([expect.objectContaining({ ended: true }), ["b"]]);
  });

  it("has none for a record that comes back, either: what has ended or was deleted has given its place away", () => {
    const { store, fence } = world(1);
    store.create("ended", "sealed", 60_000);
    store.end("ended", fence("ended"), 60_000);
    store.create("deleted", "sealed", 60_000);
    fence("deleted");
    store.delete("deleted");
    store.create("new", "sealed", 60_000);
    for (const key of ["ended", "deleted"]) {
      expect(() => store.create(key, "sealed", 60_000)).toThrow(full);
      expect(() => store.replace(key, "sealed", 60_000)).toThrow(full);
    }
    expect(store.read("new")).toMatchObject({ sealed: "sealed" });
  });

  it("lets those that have ended or were deleted go that would go next, and no others", () => {
    const { store, fence, there, clock } = world(2);
    for (const key of ["a", "b", "c"]) {
      store.create(key, "sealed", 60_000);
      store.end(key, fence(key), 60_000);
      clock.at++;
    }
    expect(there("a", "b", "c")).toEqual(["b", "c"]);
    for (const key of ["d", "e", "f"]) {
      store.create(key, "sealed", 60_000);
      fence(key);
      store.delete(key);
    }
    expect([there("b", "c"), there("d", "e", "f")]).toEqual([["b", "c"], []]);
  });

  it("holds no more than three times its room, whatever is created, ended and deleted", () => {
    const { store, fence } = world(3);
    let refused = 0;
    const keys = Array.from({ length: 60 }, (_, count) => `record ${count}`);
    for (const [count, key] of keys.entries()) {
      try {
        store.create(key, "sealed", 60_000);
      } catch {
        refused++;
        continue;
      }
      if (count % 3 === 0) store.end(key, fence(key), 60_000);
      if (count % 3 === 1) store.delete(key);
    }
    expect(refused).toBeGreaterThan(0);
    const records = keys.map((key) => store.read(key) as StoredRecord | null);
    expect(records.filter((record) => record?.sealed === "sealed")).toHaveLength(3);
    expect(records.filter((record) => record?.ended).length).toBeLessThanOrEqual(3);
  });
});
