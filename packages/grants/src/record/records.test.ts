import { describe, expect, it } from "vitest";
import { emptyRow, noteIntent, type RecordRow, reportBack } from "./record-row.ts";
import { RecordRows } from "./record-rows.ts";

function row(key: string, change: Partial<RecordRow>): RecordRow {
  return { ...emptyRow(key, 1_000), ...change };
}

describe("the rows of session tables", () => {
  it("are counted by what they are kept for", () => {
    const rows = new RecordRows();
    rows.place(row("a", { sealed: "sealed" }), 0);
    rows.place(row("b", { ended: true }), 0);
    rows.place(row("c", { pauseUntil: 500 }), 0);
    rows.place(emptyRow("d", 1_000, true), 0);
    rows.place(row("e", { sealed: "sealed", lease: { fence: 1, until: 10 } }), 0);
    const kinds = ["session", "refused", "pause", "deleted", "busy"] as const;
    expect(kinds.map((kind) => rows.count(kind))).toEqual([1, 1, 1, 1, 1]);
    expect(rows.size).toBe(5);
  });

  it("have the next to end in front", () => {
    const rows = new RecordRows();
    for (const [key, expiresAt] of Object.entries({ a: 30, b: 10, c: 20 })) {
      rows.place(row(key, { sealed: "sealed", expiresAt }), 0);
    }
    expect(rows.first("session")?.key).toBe("b");
    rows.drop(rows.get("b") as RecordRow);
    expect(rows.first("session")?.key).toBe("c");
    expect(rows.get("b")).toBeUndefined();
  });

  it("are busy as long as somebody waits for a token request, and then what they were", () => {
    const rows = new RecordRows();
    const busy = row("a", { sealed: "sealed" });
    noteIntent(busy, 1, 300, 0);
    noteIntent(busy, 2, 200, 0);
    rows.place(busy, 0);
    rows.sweep(299);
    expect([rows.count("busy"), rows.count("session")]).toEqual([1, 0]);
    rows.sweep(300);
    expect([rows.count("busy"), rows.count("session")]).toEqual([0, 1]);
    noteIntent(busy, 3, 900, 300);
    rows.place(busy, 300);
    reportBack(busy, 3);
    rows.place(busy, 310);
    expect([rows.count("busy"), rows.count("session")]).toEqual([0, 1]);
  });

  it("are dropped at the moment of their end, busy ones not before they are over", () => {
    const rows = new RecordRows();
    rows.place(row("a", { sealed: "sealed", expiresAt: 100 }), 0);
    rows.place(row("b", { sealed: "sealed", expiresAt: 100, lease: { fence: 1, until: 200 } }), 0);
    rows.place(row("c", { sealed: "sealed", expiresAt: 300 }), 0);
    rows.sweep(99);
    expect(rows.size).toBe(3);
    rows.sweep(100);
    expect(["a", "b", "c"].filter((key) => rows.get(key))).toEqual(["b", "c"]);
    rows.sweep(200);
    expect(["a", "b", "c"].filter((key) => rows.get(key))).toEqual(["c"]);
  });

  it("are replaced whole by another row of the same key", () => {
    const rows = new RecordRows();
    rows.place(row("a", { sealed: "sealed" }), 0);
    rows.place(emptyRow("a", 1_000, true), 0);
    expect([rows.size, rows.count("session"), rows.count("deleted")]).toEqual([1, 0, 1]);
  });
});
