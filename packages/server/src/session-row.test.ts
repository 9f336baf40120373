import { describe, expect, it } from "vitest";
import { emptyRow, reportBack, viewOfCarried, viewOfRow } from "./session-row.ts";

const nothing = { sealed: null, fence: 0, ended: false, pause: 0, failures: 0, intents: [] };

describe("row of a session table", () => {
  it("holds nothing at first, and no two rows share what they come to hold", () => {
    const row = emptyRow(1_000);
    expect(viewOfRow(row, 0)).toEqual(nothing);
    row.intents.set(1, 500);
    expect(emptyRow(1_000).intents.size).toBe(0);
  });

  it("tells what is left of pauses and intents, in the order of their fences, and forgets what is over", () => {
    const row = { ...emptyRow(1_000), sealed: "sealed", fence: 3, pauseUntil: 400, failures: 2 };
    row.intents.set(4, 300).set(5, 600);
    expect(viewOfRow(row, 100)).toMatchObject({
      pause: 300,
      failures: 2,
      intents: [
        { fence: 4, remaining: 200 },
        { fence: 5, remaining: 500 },
      ],
    });
    expect(viewOfRow(row, 300).intents).toEqual([{ fence: 5, remaining: 300 }]);
    expect(viewOfRow(row, 400)).toEqual({
      ...nothing,
      sealed: "sealed",
      fence: 3,
      failures: 2,
      intents: [{ fence: 5, remaining: 200 }],
    });
    expect([...row.intents.keys()]).toEqual([5]);
  });

  it("loses lease and intent of whoever reports back, and those of nobody else", () => {
    const row = { ...emptyRow(1_000), lease: { fence: 5, until: 500 } };
    row.intents.set(4, 500).set(5, 500);
    reportBack(row, 4);
    expect(row).toMatchObject({ lease: { fence: 5 }, intents: new Map([[5, 500]]) });
    reportBack(row, 5);
    expect(row).toMatchObject({ lease: null, intents: new Map() });
  });

  it("is told by what the browser carries where there is none", () => {
    expect(viewOfCarried({ sealed: "carried", fence: 3 })).toEqual({ ...nothing, sealed: "carried", fence: 3 });
  });
});
