import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Acquired } from "./record-store.ts";
import { type Operation, type RecordState, step } from "./step.ts";

const hour = 3_600_000;
const acquire: Operation = ["acquire", { lease: 15_000, intent: 30_000 }];

/** Takes steps one after the other and returns the last answer. */
function run(operations: readonly (readonly [at: number, operation: Operation])[]): unknown {
  let record: RecordState | null = null;
  let answer: unknown;
  for (const [at, operation] of operations) [record, answer] = step(record, operation, at);
  return answer;
}

/** Takes steps and returns the fence that the last one handed out. */
function fenceOf(operations: readonly (readonly [at: number, operation: Operation])[]): number {
  const acquired = run(operations) as Acquired;
  if (acquired.state !== "acquired") throw new Error(acquired.state);
  return acquired.fence;
}

describe("a generation", () => {
  const first: [number, Operation][] = [
    [10, ["create", "one", hour]],
    [20, acquire],
  ];
  const fence = fenceOf(first);

  it("takes no late commit, end or release of the one before, whether it was replaced or deleted and created again", () => {
    const again: [number, Operation][][] = [
      [...first, [30, ["replace", "two", hour]]],
      [...first, [30, ["delete"]], [40, ["create", "two", hour]]],
      [...first, [30, ["delete"]], [200_000, ["create", "two", hour]]],
      // The clock stood still, or went back.
      [...first, [20, ["delete"]], [20, ["create", "two", hour]]],
      [...first, [20, ["delete"]], [5, ["create", "two", hour]]],
    ];
    for (const history of again) {
      const at = 300_000;
      expect(run([...history, [at, ["commit", fence, "late", hour]]])).toBe("gone");
      expect(run([...history, [at, ["end", fence, hour]]])).toBe("gone");
      const late: Operation = ["release", fence, { pause: 5_000, note: "3 failures" }];
      expect(run([...history, [at, late], [at, ["read"]]])).toMatchObject({ sealed: "two", pause: 0, note: null });
      expect(fenceOf([...history, [at, acquire]])).toBeGreaterThan(fence);
    }
  });

  it("that was deleted stays deleted, whatever was in flight", () => {
    const deleted: [number, Operation][] = [...first, [30, ["delete"]]];
    for (const late of [
      ["commit", fence, "late", hour],
      ["end", fence, hour],
      ["release", fence],
      ["touch", hour],
    ]) {
      expect(run([...deleted, [40, late as unknown as Operation], [50, ["read"]]])).toBeNull();
    }
    expect(run([...deleted, [40, acquire]])).toEqual({ state: "gone" });
  });

  it("leaves nothing behind where no fence was ever handed out", () => {
    const [record] = step(null, ["create", "one", hour], 10);
    expect(step(record, ["delete"], 20)).toMatchObject([null, { sealed: "one" }]);
    expect(step(null, ["delete"], 20)).toEqual([null, null]);
  });

  it("remembers the fences of all before it where the clock does not say more", () => {
    // Begun, deleted, begun and deleted once more, all in one moment, or after a clock that went back.
    for (const at of [20, 5]) {
      const begun: [number, Operation][] = [...first, [at, ["delete"]], [at, ["create", "two", hour]]];
      const again: [number, Operation][] = [...begun, [at, ["delete"]], [at, ["create", "three", hour]]];
      expect(run([...again, [at, ["commit", fence, "late", hour]]])).toBe("gone");
      expect(fenceOf([...again, [at, acquire]])).toBeGreaterThan(fence);
    }
  });

  it("is created once: a second record under the same key is told that one exists", () => {
    const created: [number, Operation][] = [[10, ["create", "one", hour]]];
    expect(run(created)).toBe("created");
    expect(run([...created, [20, ["create", "other", hour]]])).toBe("exists");
    expect(run([...created, [20, ["create", "other", hour]], [30, ["read"]]])).toMatchObject({ sealed: "one" });
    // Sent again, because the first answer was lost.
    expect(run([...created, [20, ["create", "one", hour]]])).toBe("created");
    expect(run([...created, [10 + hour, ["create", "other", hour]]])).toBe("created");
  });
});

describe("a write", () => {
  const first: [number, Operation][] = [
    [10, ["create", "one", hour]],
    [20, acquire],
  ];
  const fence = fenceOf(first);

  it("that is sent again is committed again, and a different one under its fence is superseded", () => {
    const written: [number, Operation][] = [...first, [30, ["commit", fence, "two", hour]]];
    expect(run([...written, [40, ["commit", fence, "two", hour]]])).toBe("committed");
    expect(run([...written, [40, ["commit", fence, "three", hour]]])).toBe("superseded");
    const ended: [number, Operation][] = [...first, [30, ["end", fence, hour]]];
    expect(run([...ended, [40, ["end", fence, hour]]])).toBe("committed");
  });

  it("is another one under another fence or after a commit, whatever its text", () => {
    const newer: [number, Operation][] = [...first, [20_000, acquire]];
    const written: [number, Operation][] = [...newer, [20_010, ["commit", fenceOf(newer), "two", hour]]];
    expect(run([...written, [20_020, ["commit", fence, "two", hour]]])).toBe("superseded");
    expect(run([...written, [20_020, ["create", "two", hour]]])).toBe("exists");
  });

  it("takes back no fence that was handed out after its own", () => {
    const newer: [number, Operation][] = [...first, [20_000, acquire]];
    const second = fenceOf(newer);
    const late: [number, Operation][] = [...newer, [20_000, ["commit", fence, "two", hour]]];
    expect(fenceOf([...late, [20_000, ["release", second]], [20_000, acquire]])).toBeGreaterThan(second);
  });

  it("leaves lease and intent to the millisecond", () => {
    expect(run([...first, [15_019, acquire]])).toEqual({ state: "held", remaining: 1 });
    expect(run([...first, [15_020, acquire]])).toMatchObject({ state: "acquired", stored: { intents: [{ fence }] } });
    expect(run([...first, [30_019, ["read"]]])).toMatchObject({ intents: [{ fence, remaining: 1 }] });
    expect(run([...first, [30_020, ["read"]]])).toMatchObject({ intents: [] });
    const second: [number, Operation][] = [...first, [15_020, acquire]];
    expect(run([...second, [15_030, ["read"]]])).toMatchObject({
      intents: [{ fence, remaining: 14_990 }, { remaining: 29_990 }],
    });
  });

  it("and what is told of a failure after it, ends no record and no pause", () => {
    const saved: [number, Operation][] = [...first, [30, ["commit", fence, "two", hour]]];
    const paused: [number, Operation][] = [...saved, [40, ["release", fence, { pause: 5_000 }]]];
    expect(run([...paused, [50, ["read"]]])).toMatchObject({ sealed: "two", ended: false, pause: 4_990 });
    expect(run([...paused, [9_000, ["read"]]])).toMatchObject({ sealed: "two", pause: 0 });
    expect(run([...paused, [50, ["release", fence, { note: "1 failure" }]], [60, ["read"]]])).toMatchObject({
      ...{ pause: 4_980, note: "1 failure" },
    });
  });

  it("goes on living where it is touched", () => {
    const touched: [number, Operation][] = [...first, [30, ["touch", 2 * hour]]];
    expect(run([...touched, [hour + 40, ["read"]]])).toMatchObject({ sealed: "one" });
  });

  it("says nothing any more for a late holder once a newer one stands", () => {
    const newer: [number, Operation][] = [...first, [20_000, acquire]];
    const second = fenceOf(newer);
    const late: Operation = ["release", fence, { pause: 5_000, note: "3 failures" }];
    const history: [number, Operation][] = [...newer, [20_010, ["commit", second, "two", hour]], [20_020, late]];
    expect(run([...history, [20_030, ["read"]]])).toMatchObject({ sealed: "two", pause: 0, note: null, intents: [] });
  });

  it("reports its own token request back, and prolongs no other's lease", () => {
    const newer: [number, Operation][] = [...first, [20_000, acquire]];
    const second = fenceOf(newer);
    const late: [number, Operation][] = [...newer, [20_010, ["commit", fence, "two", hour]]];
    expect(run([...late, [20_020, ["read"]]])).toMatchObject({ fence, intents: [{ fence: second }] });
    expect(run([...late, [20_020, acquire]])).toEqual({ state: "held", remaining: 14_980 });
    const failed: [number, Operation][] = [...first, [30, ["release", fence, { pause: 5_000, note: "2 failures" }]]];
    expect(run([...failed, [40, ["read"]]])).toMatchObject({ pause: 4_990, note: "2 failures", intents: [] });
    const again = fenceOf([...failed, [40, acquire]]);
    const saved: [number, Operation][] = [...failed, [40, acquire], [50, ["commit", again, "two", hour]]];
    expect(run([...saved, [60, ["read"]]])).toMatchObject({ sealed: "two", pause: 0, note: null });
  });

  it("finds its record as long as it may report back, however soon that would have ended", () => {
    const short: [number, Operation][] = [
      [10, ["create", "one", 1_000]],
      [20, acquire],
    ];
    expect(run([...short, [30_019, ["commit", fenceOf(short), "two", hour]]])).toBe("committed");
    expect(run([...short, [30_020, ["commit", fenceOf(short), "two", hour]]])).toBe("gone");
  });

  it("that ended a record is remembered no longer for being asked for", () => {
    const ended: [number, Operation][] = [...first, [30, ["end", fence, 1_000]], [40, ["touch", hour]]];
    expect(run([...ended, [1_029, ["read"]]])).toMatchObject({ ended: true, sealed: null });
    expect(run([...ended, [1_030, ["read"]]])).toBeNull();
  });

  it("opens what an earlier version wrote, which knew no generations", () => {
    const { start: _start, deleted: _deleted, ...old } = step(null, ["create", "old", hour], 10)[0] as RecordState;
    const record = { ...old, issued: 0 } as RecordState;
    expect(step(record, ["read"], 20)[1]).toMatchObject({ sealed: "old", fence: 0 });
    const [leased, acquired] = step(record, acquire, 20);
    expect(step(leased, ["commit", (acquired as { fence: number }).fence, "new", hour], 30)[1]).toBe("committed");
  });
});

/** Any operation; a write takes its fence from those that were handed out, by its place in the list. */
const operations = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 40_000 })),
    name: fc.constantFrom(
      "create",
      "replace",
      "delete",
      "acquire",
      "acquire",
      "commit",
      "commit",
      "end",
      "release",
      "touch",
    ),
    which: fc.nat(9),
    text: fc.constantFrom("a", "b", "c"),
  }),
  { maxLength: 40 },
);

describe("whatever happens", () => {
  it("fences only grow, one lease is alive at a time, and no write crosses into another generation", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let record: RecordState | null = null;
        let now = 1_000_000;
        let generation = 0;
        let highest = 0;
        let isThere = false;
        const issued: { fence: number; generation: number }[] = [];
        for (const { wait, name, which, text } of list) {
          now += wait;
          const chosen = issued[which % Math.max(1, issued.length)] ?? { fence: 7, generation: -1 };
          const operation = operationOf(name, chosen.fence, text);
          const before: RecordState | null = deepFreeze(record);
          const [after, answer]: readonly [RecordState | null, unknown] = step(before, operation, now);
          const isAlive = before !== null && before.expiresAt > now && !before.deleted;
          if (!isAlive && isThere) isThere = false;
          if (name === "replace" || (name === "create" && answer === "created" && !isAlive)) {
            generation++;
            isThere = true;
          }
          if (name === "delete") isThere = false;
          if (name === "acquire") {
            const acquired = answer as Acquired;
            if (acquired.state === "acquired") {
              expect(acquired.fence).toBeGreaterThan(highest);
              if (before?.lease) expect(before.lease.until).toBeLessThanOrEqual(now);
              highest = acquired.fence;
              issued.push({ fence: acquired.fence, generation });
            } else expect(acquired.state).toBe(isThere ? "held" : "gone");
          }
          if ((name === "commit" || name === "end") && answer === "committed") {
            expect(chosen.generation).toBe(generation);
            expect(after?.fence).toBeGreaterThanOrEqual(before?.fence ?? 0);
          }
          if (!isThere) expect(step(after, ["read"], now)[1]).toBeNull();
          record = after;
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

function operationOf(name: string, fence: number, text: string): Operation {
  switch (name) {
    case "create":
    case "replace":
      return [name, text, 100_000];
    case "acquire":
      return acquire;
    case "commit":
      return ["commit", fence, text, 100_000];
    case "end":
      return ["end", fence, 100_000];
    case "release":
      return ["release", fence, { pause: 10, note: "1 failures" }];
    case "touch":
      return ["touch", 100_000];
    default:
      return ["delete"];
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
