import { expect, it } from "vitest";
import { createChance } from "./chance.ts";
import { heapGraph, measureHeap } from "./heap-graph.ts";
import { growthOf } from "./heap-watch.ts";
import { createLatency } from "./latency.ts";
import { plot } from "./plot.ts";
import { soak } from "./run.ts";

it("keeps everybody logged in for some seconds of everything going wrong", async () => {
  const started = Date.now();
  const options = {
    example: "express",
    store: "cookie",
    minutes: 0.12,
    ...{ processes: 1, hours: false, pause: 60 },
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

it("tells what bounded caches hold from the rest of a heap, and whether the rest grows", () => {
  const nodes = [
    ...[0, 0, 0, 2], // the root
    ...[1, 1, 100, 1], // a Memo, which holds
    ...[1, 2, 1_000, 0], // a Session
    ...[1, 3, 10, 1], // a List, which holds
    ...[1, 2, 1_000, 0], // another one, and knows weakly
    ...[1, 2, 5_000, 0], // one that is garbage but for that
  ];
  const edges = [...[0, 4, 4], ...[0, 5, 12], ...[0, 6, 8], ...[0, 6, 16]];
  const meta = {
    node_fields: ["type", "name", "self_size", "edge_count"],
    node_types: [["synthetic", "object"]],
    edge_fields: ["type", "name_or_index", "to_node"],
    edge_types: [["property", "weak"]],
  };
  const strings = ["", "Memo", "Session", "List", "opened", "list", "value"];
  const heap = measureHeap(heapGraph(JSON.stringify({ snapshot: { meta }, nodes, edges, strings })));
  expect(heap).toMatchObject({ bytes: 2_110, bounded: 1_100 });
  const path = "list (object List) > value (object Session)";
  expect(heap.kinds[0]).toEqual({ kind: "object Session", bytes: 1_000, path });
  expect([growthOf([9, 5, 5, 5, 5, 5]), growthOf([5, 5, 6, 7, 8, 9])]).toEqual([-2, 3.5]);
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
