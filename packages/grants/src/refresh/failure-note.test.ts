import type { RefreshTokenRules } from "@pixy/core";
import { describe, expect, it } from "vitest";
import type { StoredRecord } from "../record/record-store.ts";
import { type NotedFailures, readNote, waitBefore, writeNote } from "./failure-note.ts";

const rules: RefreshTokenRules = { rotation: "rotating", retryUnknown: false };
const lost: NotedFailures = {
  ...{ failures: 1, refusals: 0, refusedSince: null, lostSince: 1_000, pausedUntil: 2_000, ended: false },
  outcome: "unknown",
};

function stored(change: Partial<StoredRecord>): StoredRecord {
  return { sealed: "sealed", fence: 0, ended: false, pause: 0, note: null, intents: [], ...change };
}

describe("what a record notes of failures", () => {
  it("is read as it was written", () => {
    expect(readNote({ note: writeNote(lost) })).toEqual(lost);
  });

  it("is nothing where nothing failed, and where another version wrote it", () => {
    for (const note of [null, "", "{", "null", "7", "[]", '{"failures":"2"}', '{"failures":2}', '{"pausedUntil":2}']) {
      expect(readNote({ note })).toBeNull();
    }
  });
});

describe("the wait before a refresh", () => {
  it("is the store's pause, whatever the clock of this machine says", () => {
    expect(waitBefore(stored({ pause: 700 }), rules, 0, 0)).toBe(700);
    expect(waitBefore(stored({ pause: 700, note: writeNote({ ...lost, lostSince: null }) }), rules, 0, 9_000)).toBe(
      700,
    );
  });

  it("lasts until the access token ends where a token that may be used up must not be shown", () => {
    const record = stored({ note: writeNote(lost) });
    expect(waitBefore(record, rules, 50_000, 10_000)).toBe(40_000);
    expect(waitBefore(record, rules, 50_000, 50_000)).toBe(0);
    expect(waitBefore(record, rules, 0, 10_000)).toBe(0);
    expect(waitBefore(record, { ...rules, retryUnknown: true }, 50_000, 10_000)).toBe(0);
  });
});
