import { describe, expect, it } from "vitest";
import { cookieStore } from "./cookie-store.ts";

const carried = { sealed: "first", fence: 0 };
const month = 30 * 86_400_000;

function createStore() {
  let time = 0;
  return { store: cookieStore({ now: () => time }), pass: (milliseconds: number) => (time += milliseconds) };
}

describe("cookie store", () => {
  it("gives the successor to requests with the old cookie for 60 seconds", async () => {
    const { store, pass } = createStore();
    await store.acquire("key", { lease: 15_000, intent: 30_000, carried });
    await store.commit("key", 1, "second", month);
    pass(59_999);
    expect(await store.read("key", carried)).toMatchObject({ sealed: "second", fence: 1 });
    pass(1);
    expect(await store.read("key", carried)).toMatchObject({ sealed: "first", fence: 0 });
  });

  it("remembers a logout and an ended login for a day", async () => {
    const { store, pass } = createStore();
    await store.delete("out", month);
    await store.acquire("ended", { lease: 15_000, intent: 30_000, carried });
    await store.end("ended", 1, month);
    pass(86_399_999);
    expect(await store.read("out", carried)).toBeNull();
    expect(await store.read("ended", carried)).toMatchObject({ ended: true });
    pass(1);
    expect(await store.read("out", carried)).toMatchObject({ sealed: "first" });
    expect(await store.read("ended", carried)).toMatchObject({ sealed: "first", ended: false });
  });

  it("remembers a logout no longer than a cookie of that session lives, and a day where nobody says", async () => {
    const { store, pass } = createStore();
    await store.delete("short", 900_000);
    await store.delete("unknown");
    pass(900_000);
    expect(await store.read("short", carried)).toMatchObject({ sealed: "first" });
    pass(86_400_000 - 900_001);
    expect(await store.read("unknown", carried)).toBeNull();
  });

  it("keeps nothing of a new session: its cookie says it all", async () => {
    const { store } = createStore();
    expect(store.name).toBe("cookie");
    await store.create("key", "first", month);
    expect(await store.read("key", carried)).toMatchObject({ sealed: "first" });
    expect(await store.read("key")).toBeNull();
  });

  it("knows nothing of a session that the browser does not bring", async () => {
    const { store } = createStore();
    expect(await store.read("key")).toBeNull();
    expect(await store.acquire("key", { lease: 15_000, intent: 30_000 })).toEqual({ state: "gone" });
  });

  it("takes a refresh that comes back after its row was forgotten: the session is in the browser", async () => {
    const { store, pass } = createStore();
    await store.acquire("key", { lease: 15_000, intent: 30_000, carried });
    pass(30_001);
    expect(await store.commit("key", 1, "second", month)).toBe("committed");
    expect(await store.read("key", carried)).toMatchObject({ sealed: "second", fence: 1 });
  });
});
