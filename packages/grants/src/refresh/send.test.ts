import { TokenRequestError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { fence, inTurn, row, says, world } from "../../test/refresh-steps.ts";
import { tokensWith } from "../../test/tokens.ts";
import { defaultTiming } from "./refresh-world.ts";

describe("a token request", () => {
  it("is sent while the lease has time for it and two seconds more; else the lease is given back and asked for anew", async () => {
    const slowly = (...steps: number[]) => {
      const made = world({
        acquire: () => {
          made.clock.at += steps.length > 1 ? (steps.shift() ?? 0) : (steps[0] ?? 0);
          return { state: "acquired", fence, stored: row };
        },
      });
      return made;
    };
    const inTime = slowly(3_000);
    expect(await inTime.refresh()).toMatchObject({ outcome: "refreshed" });
    expect([inTime.clock.at, inTime.releases.length]).toEqual([3_000, 0]);
    const late = slowly(3_001, 0);
    expect(await late.refresh()).toMatchObject({ outcome: "refreshed" });
    expect([late.requests(), late.releases.length]).toEqual([1, 1]);
    const always = slowly(4_000);
    expect(await always.refresh()).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect([always.clock.at, always.requests(), always.releases.length]).toEqual([16_000, 0, 4]);
  });

  it("is sent again at once where its answer was lost, and the token may be shown twice", async () => {
    const lost = new TokenRequestError("The answer was lost.", {
      ...{ code: "provider_timeout", outcome: "unknown", hint: "Try again." },
    });
    const answer = inTurn(
      () => Promise.reject(lost),
      async () => tokensWith({ accessToken: "new" }),
    );
    const rules = { rotation: "either", retryUnknown: true } as const;
    const { refresh, requests, waits } = world({}, { rules, request: () => answer()() });
    expect(await refresh()).toMatchObject({ outcome: "refreshed" });
    expect([requests(), waits]).toEqual([2, []]);
  });

  it("that fails is not repeated by all workers at the same time, and never after longer than is set", async () => {
    const cause = new Error("away");
    const early = world({}, { ...says(cause), random: () => 0 });
    expect(await early.refresh()).toMatchObject({ outcome: "unavailable", wait: 750 });
    const short = world({}, { ...says(cause), timing: { ...defaultTiming, longestPause: 400 } });
    expect(await short.refresh()).toMatchObject({ outcome: "unavailable", wait: 400 });
  });
});
