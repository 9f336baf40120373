import { TokenRequestError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { pauseAfter } from "./refresh-pause.ts";
import { defaultTiming } from "./refresh-world.ts";

function askingFor(retryAfter: number): TokenRequestError {
  const input = { code: "rate_limited", outcome: "unavailable", hint: "Wait.", retryAfter } as const;
  return new TokenRequestError("Too many requests.", input);
}

function pause(failures: number, cause: unknown = new Error("away"), random = 1): number {
  return pauseAfter({ timing: defaultTiming, random: () => random }, failures, cause);
}

describe("the pause after a failed refresh", () => {
  it("doubles with each failure in a row, up to the longest", () => {
    expect([1, 2, 3, 4, 5, 1_000].map((failures) => pause(failures))).toEqual([
      1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });

  it("is spread by a quarter, so that workers do not come back together", () => {
    expect([0, 0.5, 1].map((random) => pause(3, undefined, random))).toEqual([3_000, 3_500, 4_000]);
  });

  it("is as long as the provider asks for, if that is longer and not beyond the longest", () => {
    expect([0, 1, 7, 3_600].map((seconds) => pause(2, askingFor(seconds)))).toEqual([2_000, 2_000, 7_000, 10_000]);
  });
});
