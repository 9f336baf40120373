import { describe, expect, it } from "vitest";
import {
  absoluteEnd,
  idleEnd,
  isIdleDue,
  isSealDue,
  lifeLeft,
  maxAgeOf,
  maxAgeUntil,
  memoryOfEnd,
} from "./lifetimes.ts";

const hour = 3600_000;
const day = 24 * hour;
const times = (now: number, idle = 30 * day) => ({ idle, absolute: 365 * day, now: () => now });

describe("the life of a session", () => {
  it("is the idle time, or what is left until its absolute end, and never nothing", () => {
    expect(lifeLeft(times(0), 0)).toBe(30 * day);
    expect(lifeLeft(times(360 * day), 0)).toBe(5 * day);
    expect(lifeLeft(times(366 * day), 0)).toBe(1);
  });

  it("ends idle, and for good", () => {
    expect([idleEnd(times(day), 0), absoluteEnd(times(day), 0)]).toEqual([31 * day, 365 * day]);
    expect(idleEnd(times(360 * day), 0)).toBe(365 * day);
  });

  it("is prolonged after a tenth of the idle time, and not beyond its end", () => {
    expect([3 * day - 1, 3 * day].map((now) => isIdleDue(times(now), 0))).toEqual([false, true]);
    expect([3 * day, 3 * day + 1].map((now) => isSealDue(times(now), 30 * day, 0))).toEqual([false, true]);
    expect(isSealDue(times(364 * day), 365 * day, 0)).toBe(false);
  });
});

describe("the age of a cookie", () => {
  it("is in whole seconds, and never 0, which would clear it", () => {
    expect([5_999, 1_000, 999, -1].map((end) => maxAgeUntil(times(0), end))).toEqual([5, 1, 1, 1]);
    expect(maxAgeOf(hour)).toBe(3_600);
  });
});

describe("the memory of its end", () => {
  it("lasts as long as a cookie of it may come, a day at most", () => {
    expect(memoryOfEnd(times(0), 0)).toBe(day);
    expect(memoryOfEnd(times(0, hour), 0)).toBe(hour);
    expect(memoryOfEnd(times(365 * day - hour), 0)).toBe(hour);
  });
});
