import { describe, expect, it } from "vitest";
import { type SessionRows, SessionTable, type SessionTableOptions } from "./session-table.ts";

const acquire = { lease: 15_000, intent: 30_000 };

function createTable(options: SessionTableOptions = {}) {
  let time = 0;
  const rows: SessionRows = new Map();
  const table = new SessionTable(rows, { ...options, now: () => time });
  return { table, rows, pass: (milliseconds: number) => (time += milliseconds) };
}

describe("session table", () => {
  it("drops what has expired when something new comes, at most every 30 seconds", () => {
    const { table, rows, pass } = createTable();
    for (let index = 0; index < 100; index++) table.create(`old-${index}`, "sealed", 1_000);
    pass(30_000);
    table.create("new", "sealed", 1_000);
    expect([...rows.keys()]).toEqual(["new"]);
  });

  it("keeps a row as long as its refresh may report back", () => {
    const { table, pass } = createTable();
    table.create("key", "first", 1_000);
    const acquired = table.acquire("key", acquire);
    pass(29_000);
    expect(acquired).toMatchObject({ state: "acquired", fence: 1 });
    expect(table.commit("key", 1, "second", 1_000)).toBe("committed");
    expect(table.read("key")).toMatchObject({ sealed: "second", fence: 1, intents: [] });
  });

  it("lets the oldest go first", () => {
    const { table } = createTable({ maxRows: 2 });
    for (const key of ["a", "b", "c"]) table.create(key, "sealed", 1_000);
    expect(["a", "b", "c"].filter((key) => table.read(key))).toEqual(["b", "c"]);
  });

  it("shares its rows with every table that is given them, as modules that are loaded twice do", () => {
    const { table, rows } = createTable();
    table.create("key", "sealed", 1_000);
    expect(new SessionTable(rows, { now: () => 0 }).read("key")).toMatchObject({ sealed: "sealed" });
  });
});

describe("session table as a journal of carried sessions", () => {
  const carried = { sealed: "carried", fence: 3 };

  it("hands out fences above the carried one", () => {
    const { table } = createTable({ journal: true });
    expect(table.acquire("key", { ...acquire, carried })).toMatchObject({
      fence: 4,
      stored: { sealed: "carried", fence: 3 },
    });
  });

  it("prefers what the browser brings where that is newer, also to an older end", () => {
    const { table } = createTable({ journal: true });
    table.acquire("key", { ...acquire, carried: { sealed: "older", fence: 1 } });
    table.end("key", 2, 60_000);
    expect(table.read("key", { sealed: "older", fence: 1 })).toMatchObject({ ended: true });
    expect(table.read("key", carried)).toMatchObject({ ended: false, sealed: "carried", fence: 3 });
  });

  // A worker that slept for a minute, or whose row made room for others, would lose tokens that nobody else has.
  it.each(["forgotten in time", "pushed out"])("takes a commit whose row was %s", (how) => {
    const { table, pass } = createTable({ journal: true, maxRows: 2 });
    table.acquire("key", { ...acquire, carried });
    if (how === "pushed out") for (const key of ["a", "b"]) table.create(key, "sealed", 60_000);
    else pass(60_000);
    expect(table.commit("key", 4, "refreshed", 60_000)).toBe("committed");
    expect(table.read("key", carried)).toMatchObject({ sealed: "refreshed", fence: 4 });
  });

  it("takes none for a session that was deleted, whatever the browser brings", () => {
    const { table } = createTable({ journal: true });
    table.acquire("key", { ...acquire, carried });
    table.bury("key", 60_000);
    expect(table.commit("key", 4, "refreshed", 60_000)).toBe("gone");
    expect(table.read("key", { sealed: "late", fence: 9 })).toBeNull();
    expect(table.acquire("key", { ...acquire, carried })).toEqual({ state: "gone" });
  });
});
