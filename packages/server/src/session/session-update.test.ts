import { memoryStore, type RecordStore } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { mergeData, updateRecord } from "./session-update.ts";

const parts = {
  open: ({ sealed }: { readonly sealed: string }) => ({ key: "key", sealed }),
  change: async () => ({ session: { key: "key", sealed: "new" }, sealed: "new", ttl: 1_000 }),
};

function storeWith(change: Partial<RecordStore> = {}): RecordStore {
  const store = memoryStore({ now: () => 0 });
  store.create("key", "old", 1_000);
  return { ...store, ...change };
}

describe("the change of a record", () => {
  it("is written under a fence of its own, and the lease is given back", async () => {
    const store = storeWith();
    expect(await updateRecord(store, "key", parts)).toEqual({ key: "key", sealed: "new" });
    expect(await store.read("key")).toMatchObject({ sealed: "new", intents: [] });
  });

  it("is told as what is in its way", async () => {
    await expect(updateRecord(storeWith(), "another", parts)).rejects.toMatchObject({ code: "login_required" });
    const away = () => Promise.reject(new Error("away"));
    await expect(updateRecord(storeWith({ commit: away }), "key", parts)).rejects.toMatchObject({
      code: "store_unavailable",
    });
    const dead = storeWith();
    dead.end("key", 7, 1_000);
    await expect(updateRecord(dead, "key", parts)).rejects.toMatchObject({ code: "reauth_required" });
    await expect(updateRecord(storeWith(), "key", { ...parts, open: () => null })).rejects.toMatchObject({
      code: "login_required",
    });
  });

  it("that fails leaves all as it was, the lease too", async () => {
    const store = storeWith();
    const change = () => Promise.reject(new TypeError("too large"));
    await expect(updateRecord(store, "key", { ...parts, change })).rejects.toThrow("too large");
    expect(await store.read("key")).toMatchObject({ sealed: "old", intents: [] });
    expect((await store.acquire("key", { lease: 1, intent: 1 })).state).toBe("acquired");
  });
});

describe("members of new data", () => {
  it("take the place of those before, and leave those before as they were", () => {
    const before = Object.freeze({ a: 1, b: { c: 2 } });
    expect(mergeData(before, { b: 3, d: 4 })).toEqual({ a: 1, b: 3, d: 4 });
    expect([mergeData(null, { a: 1 }), mergeData(undefined, { a: undefined })]).toEqual([{ a: 1 }, {}]);
    expect(before).toEqual({ a: 1, b: { c: 2 } });
  });
});
