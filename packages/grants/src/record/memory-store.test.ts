import { describe, expect, it } from "vitest";
import { memoryStore } from "./memory-store.ts";

describe("memory store", () => {
  it("is the same for every module of the process that names it, and another one under another name", async () => {
    await memoryStore({ name: "shared by name" }).create("key", "sealed", 60_000);
    expect(await memoryStore({ name: "shared by name" }).read("key")).toMatchObject({ sealed: "sealed" });
    expect(await memoryStore({ name: "another" }).read("key")).toBeNull();
    expect(await memoryStore({ name: "shared by name", now: () => 0 }).read("key")).toBeNull();
    await memoryStore({ name: "shared by name" }).delete("key");
  });

  it("takes no carried session in the place of its own", async () => {
    const store = memoryStore({ now: () => 0 });
    const carried = { sealed: "forged", fence: 9 };
    expect(await store.read("key", carried)).toBeNull();
    expect(await store.acquire("key", { lease: 1, intent: 1, carried })).toEqual({ state: "gone" });
  });

  it("takes 100,000 sessions, unless it is told otherwise", async () => {
    const store = memoryStore({ now: () => 0 });
    for (let count = 0; count < 100_000; count++) store.create(`session ${count}`, "sealed", 60_000);
    expect(() => store.create("one more", "sealed", 60_000)).toThrow(expect.objectContaining({ code: "store_full" }));
    expect(await store.read("session 0")).toMatchObject({ sealed: "sealed" });
    await store.delete("session 0");
    await store.create("one more", "sealed", 60_000);
  });

  it("says what it is", () => {
    expect(memoryStore()).toMatchObject({ name: "memory", scope: "process" });
  });
});
