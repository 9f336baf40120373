import { describe, expect, it } from "vitest";
import { fence, newer, row, world } from "../../test/refresh-steps.ts";
import { outcomeOf } from "./judge.ts";

describe("what a failure is for the person", () => {
  const failed = { failures: 1, refusals: 0, refusedSince: null, lostSince: null, pausedUntil: 0, ended: false };

  it("is a refusal where the token has ended, or the provider has refused it before", () => {
    const outcomes = ["unavailable", "unknown", "misconfigured", "refused", "ended"] as const;
    expect(outcomes.map((outcome) => outcomeOf(failed, outcome))).toEqual([...outcomes.slice(0, 4), "refused"]);
    expect(outcomes.map((outcome) => outcomeOf({ ...failed, refusedSince: 0 }, outcome))).toEqual(
      Array(5).fill("refused"),
    );
  });
});

describe("what stands in the store", () => {
  it("is waited after, given back, and not asked about again, where another worker failed", async () => {
    const { refresh, requests, releases } = world({
      acquire: () => ({ state: "acquired", fence, stored: { ...row, pause: 500 } }),
    });
    expect(await refresh()).toMatchObject({ outcome: "unavailable", wait: 500 });
    expect([requests(), releases.length]).toEqual([0, 1]);
  });

  it("is refreshed where a newer fence has written nothing", async () => {
    const stored = { ...row, fence: 2, sealed: null };
    const { refresh, requests } = world({ acquire: () => ({ state: "acquired", fence, stored }) });
    expect(await refresh()).toMatchObject({ outcome: "refreshed", session: { fence } });
    expect(requests()).toBe(1);
  });

  it("is left to others where this version cannot read it", async () => {
    const { refresh, requests } = world(
      { acquire: () => ({ state: "acquired", fence, stored: newer }) },
      { open: () => null },
    );
    expect(await refresh()).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect(requests()).toBe(0);
  });
});
