import { expect, it } from "vitest";
import { createChance } from "./chance.ts";
import { createLatency } from "./latency.ts";
import { plot } from "./plot.ts";
import { soak } from "./run.ts";

it("keeps everybody logged in for some seconds of everything going wrong", async () => {
  const started = Date.now();
  const options = {
    example: "express",
    store: "cookie",
    minutes: 0.12,
    visitors: 12,
    seed: 7636,
    output: null,
  } as const;
  const result = await soak(options, () => {});
  expect(result.failures).toEqual([]);
  expect(result.failureCount).toBe(0);
  expect(result.counts.unwantedLogouts).toBe(0);
  // It has really done something: people came, and something was wrong.
  expect(result.counts.logins).toBeGreaterThan(0);
  expect(result.disturbances.length).toBeGreaterThan(0);
  expect(result.latency.p99).toBeGreaterThanOrEqual(result.latency.p50);
  expect(plot(result, started)).toMatch(/^<svg [\s\S]*<polyline[\s\S]*<\/svg>\n$/);
});

it("draws the same numbers from the same seed", () => {
  const draw = (seed: number) => {
    const chance = createChance(seed);
    return [chance.between(1, 6), chance.pick(["a", "b", "c"]), chance.fork().next(), chance.happens(0.5)];
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

it("tells percentiles to within a step of 4 %", () => {
  const latency = createLatency();
  for (let milliseconds = 1; milliseconds <= 1000; milliseconds += 1) latency.add(milliseconds);
  expect(latency.percentile(0.5) / 500).toBeCloseTo(1, 1);
  expect(latency.percentile(0.99) / 990).toBeCloseTo(1, 1);
  latency.clear();
  expect(latency.percentile(0.5)).toBe(0);
});
