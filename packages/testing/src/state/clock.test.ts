import { expect, it } from "vitest";
import { createClock, runningClock } from "./clock.ts";

it("stands still until it is moved", () => {
  const clock = createClock(1_000);
  expect(clock.now()).toBe(1_000);
  clock.advance(500);
  clock.advance(-200);
  expect(clock.now()).toBe(1_300);
  clock.set(42);
  expect(clock.now()).toBe(42);
});

it("runs with the system and can be moved on top of that", () => {
  const clock = runningClock();
  clock.set(0);
  clock.advance(1e15);
  expect(clock.now()).toBeGreaterThanOrEqual(1e15);
});

it("refuses what is no finite number", () => {
  expect(() => createClock(Number.NaN)).toThrow(TypeError);
  expect(() => createClock().advance(Number.POSITIVE_INFINITY)).toThrow(TypeError);
});
