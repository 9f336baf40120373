import { describe, expect, it } from "vitest";
import { busyUntil, emptyRow, kindOf, noteIntent, reportBack, viewOfCarried, viewOfRow } from "./record-row.ts";

const nothing = { sealed: null, fence: 0, ended: false, pause: 0, failures: 0, intents: [] };

describe("row of a session table", () => {
  it("holds nothing at first, and no two rows share what they come to hold", () => {
    const row = emptyRow("key", 1_000);
    expect(viewOfRow(row, 0)).toEqual(nothing);
    noteIntent(row, 1, 500, 0);
    expect(emptyRow("other", 1_000).intents).toEqual([]);
  });

  it("tells what is left of pauses and intents, in the order of their fences, and nothing of what is over", () => {
    const row = { ...emptyRow("key", 1_000), sealed: "sealed", fence: 3, pauseUntil: 400, failures: 2 };
    noteIntent(row, 4, 300, 0);
    noteIntent(row, 5, 600, 0);
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
  });

  it("drops intents that nobody waits for when it notes another", () => {
    const row = emptyRow("key", 1_000);
    for (let fence = 1; fence < 100; fence++) noteIntent(row, fence, fence * 10 + 20, fence * 10);
    expect(row.intents.map(({ fence }) => fence)).toEqual([98, 99]);
  });

  it("loses lease and intent of whoever reports back, and those of nobody else", () => {
    const row = { ...emptyRow("key", 1_000), lease: { fence: 5, until: 500 } };
    noteIntent(row, 4, 500, 0);
    noteIntent(row, 5, 500, 0);
    reportBack(row, 4);
    expect(row).toMatchObject({ lease: { fence: 5 }, intents: [{ fence: 5, until: 500 }] });
    reportBack(row, 5);
    expect(row).toMatchObject({ lease: null, intents: [] });
  });

  it("is busy until its lease and all its intents are over", () => {
    const row = { ...emptyRow("key", 1_000), lease: { fence: 2, until: 400 } };
    expect([busyUntil(emptyRow("key", 1_000)), busyUntil(row)]).toEqual([0, 400]);
    noteIntent(row, 1, 600, 0);
    noteIntent(row, 2, 300, 0);
    expect(busyUntil(row)).toBe(600);
    expect([kindOf(row, 599), kindOf(row, 600)]).toEqual(["busy", "pause"]);
  });

  it("is told by what the browser carries where there is none", () => {
    expect(viewOfCarried({ sealed: "carried", fence: 3 })).toEqual({ ...nothing, sealed: "carried", fence: 3 });
  });
});
