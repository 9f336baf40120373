import { describe, expect, it } from "vitest";
import { kindOf, type RecordKind, Records } from "./records.ts";
import { emptyRecord, type RecordState } from "./step.ts";

const record = (change: Partial<RecordState>): RecordState => ({ ...emptyRecord, expiresAt: 1_000, ...change });
const live = (change: Partial<RecordState> = {}): RecordState => record({ sealed: "sealed", ...change });

describe("records in memory", () => {
  it("are counted by what they are kept for", () => {
    const records = new Records();
    records.set("a", live(), 0);
    records.set("b", record({ ended: true }), 0);
    records.set("c", record({ pauseUntil: 500 }), 0);
    records.set("d", record({ deleted: true }), 0);
    records.set("e", live({ lease: { fence: 1, until: 10 } }), 0);
    const kinds: readonly RecordKind[] = ["live", "ended", "paused", "deleted", "busy"];
    expect(kinds.map((kind) => records.count(kind))).toEqual([1, 1, 1, 1, 1]);
    expect(["a", "b", "c", "d", "e"].map((key) => kindOf(records.get(key) as RecordState, 0))).toEqual(kinds);
    expect(records.size).toBe(5);
  });

  it("let go first what would end next", () => {
    const records = new Records();
    for (const [key, expiresAt] of Object.entries({ a: 30, b: 10, c: 20 })) records.set(key, live({ expiresAt }), 0);
    const left = () => ["a", "b", "c"].filter((key) => records.get(key));
    records.dropFirst("live");
    expect(left()).toEqual(["a", "c"]);
    records.set("c", null, 0);
    records.set("unknown", null, 0);
    expect([left(), records.size, records.count("live")]).toEqual([["a"], 1, 1]);
    records.dropFirst("live");
    records.dropFirst("live");
    expect([records.size, records.get("a")]).toEqual([0, null]);
  });

  it("are busy as long as somebody waits for a token request, and then what they were", () => {
    const records = new Records();
    const intents = [
      { fence: 1, until: 300 },
      { fence: 2, until: 200 },
    ];
    const counts = () => [records.count("busy"), records.count("live")];
    records.set("a", live({ intents }), 0);
    records.sweep(299);
    expect(counts()).toEqual([1, 0]);
    records.sweep(300);
    expect(counts()).toEqual([0, 1]);
    records.set("a", live({ intents: [{ fence: 3, until: 900 }] }), 300);
    expect(counts()).toEqual([1, 0]);
    records.set("a", live(), 310);
    expect(counts()).toEqual([0, 1]);
  });

  it("are dropped at the moment of their end, busy ones not before they are over", () => {
    const records = new Records();
    records.set("a", live({ expiresAt: 100 }), 0);
    records.set("b", live({ expiresAt: 100, lease: { fence: 1, until: 200 } }), 0);
    records.set("c", live({ expiresAt: 300 }), 0);
    const left = () => ["a", "b", "c"].filter((key) => records.get(key));
    records.sweep(99);
    expect(records.size).toBe(3);
    records.sweep(100);
    expect(left()).toEqual(["b", "c"]);
    records.sweep(200);
    expect(left()).toEqual(["c"]);
  });

  it("are replaced whole by another record of the same key", () => {
    const records = new Records();
    records.set("a", live(), 0);
    records.set("a", record({ deleted: true }), 0);
    expect([records.size, records.count("live"), records.count("deleted")]).toEqual([1, 0, 1]);
  });
});
