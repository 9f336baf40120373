import { describe, expect, it } from "vitest";
import { fence, row, world } from "../../test/refresh-steps.ts";

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
});
