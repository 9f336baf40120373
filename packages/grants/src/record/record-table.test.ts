import { describe, expect, it } from "vitest";
import { SessionRows } from "./record-rows.ts";
import { SessionTable, type SessionTableOptions } from "./record-table.ts";

const acquire = { lease: 15_000, intent: 30_000 };

function createTable(options: Partial<SessionTableOptions> = {}) {
  let time = 0;
  const rows = new SessionRows();
  const table = new SessionTable(rows, { maxSessions: 1_000, ...options, now: () => time });
  return { table, rows, pass: (milliseconds: number) => (time += milliseconds) };
}

/** A session that a cookie carries, with a refresh under way. */
function refreshing(table: SessionTable, key: string): number {
  const acquired = table.acquire(key, { ...acquire, carried: { sealed: "carried", fence: 0 } });
  if (acquired.state !== "acquired") throw new Error(acquired.state);
  return acquired.fence;
}

describe("session table", () => {
  it("drops what has expired when something new comes", () => {
    const { table, rows, pass } = createTable();
    for (let index = 0; index < 100; index++) table.create(`old-${index}`, "sealed", 1_000);
    pass(1_000);
    table.create("new", "sealed", 1_000);
    expect([rows.size, rows.get("new")?.sealed]).toEqual([1, "sealed"]);
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

  it("refuses a new session where there is no room, and has room as soon as one has expired", () => {
    const { table, pass } = createTable({ maxSessions: 2 });
    table.create("a", "sealed", 2_000);
    table.create("b", "sealed", 1_000);
    expect(() => table.create("c", "sealed", 1_000)).toThrow(expect.objectContaining({ code: "store_full" }));
    pass(1_000);
    table.create("c", "sealed", 1_000);
    expect(["a", "b", "c"].filter((key) => table.read(key))).toEqual(["a", "c"]);
  });

  it("counts a session as one while it is refreshed, and not once it has ended", () => {
    const { table } = createTable({ maxSessions: 1 });
    table.create("a", "sealed", 60_000);
    table.acquire("a", acquire);
    expect(() => table.create("b", "sealed", 1_000)).toThrow(expect.objectContaining({ status: 503 }));
    table.end("a", 1, 60_000);
    table.create("b", "sealed", 1_000);
    expect(table.read("a")).toMatchObject({ ended: true });
  });

  it("shares its rows with every table that is given them, as modules that are loaded twice do", () => {
    const { table, rows } = createTable();
    table.create("key", "sealed", 1_000);
    const other = new SessionTable(rows, { now: () => 0, maxSessions: 1_000 });
    expect(other.read("key")).toMatchObject({ sealed: "sealed" });
  });

  it.each([0, -1, Number.NaN, "many"])("refuses %s for the most sessions", (maxSessions) => {
    const code = expect.objectContaining({ code: "invalid_option", option: "maxSessions" });
    expect(() => createTable({ maxSessions: maxSessions as number })).toThrow(code);
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

  it("lets the successor, the pause and the refused session go that would go next, each for one of its own kind", () => {
    const { table } = createTable({ journal: true, maxSessions: 2 });
    const fates = {
      refreshed: (key: string, fence: number) => table.commit(key, fence, "refreshed", 60_000),
      paused: (key: string, fence: number) => table.release(key, fence, { pause: 60_000, failures: 1 }),
      refused: (key: string, fence: number) => table.end(key, fence, 60_000),
    };
    for (const [name, fate] of Object.entries(fates)) {
      for (const number of [1, 2, 3]) fate(`${name} ${number}`, refreshing(table, `${name} ${number}`));
    }
    const known = (name: string) =>
      [1, 2, 3].filter((number) => {
        const stored = table.read(`${name} ${number}`, { sealed: "carried", fence: 0 });
        return stored?.sealed !== "carried" || stored.failures > 0;
      });
    expect(Object.keys(fates).map(known)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
  });

  // A worker that slept for a minute would lose tokens that nobody else has.
  it("takes a commit whose row was forgotten in time", () => {
    const { table, pass } = createTable({ journal: true });
    table.acquire("key", { ...acquire, carried });
    pass(60_000);
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

  it("buries as many as are logged out, and takes new logins again as those are forgotten", () => {
    const { table, rows, pass } = createTable({ journal: true, maxSessions: 2 });
    for (const key of ["a", "b", "c", "d"]) {
      table.bury(key, 60_000);
      pass(1_000);
    }
    expect(rows.count("deleted")).toBe(4);
    const isRefused = () => {
      try {
        table.create("new", "sealed", 60_000);
        return false;
      } catch {
        return true;
      }
    };
    expect(isRefused()).toBe(true);
    pass(57_999);
    expect([isRefused(), rows.count("deleted")]).toEqual([true, 2]);
    pass(1);
    expect([isRefused(), rows.count("deleted")]).toEqual([false, 1]);
  });
});
