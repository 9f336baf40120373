import { describe, expect, it } from "vitest";
import { lifeLeft, memoryOfEnd } from "./session-life.ts";

const hour = 3600_000;
const day = 24 * hour;
const times = (now: number, idle = 30 * day) => ({ idle, absolute: 365 * day, now: () => now });

describe("the life of a session", () => {
  it("is the idle time, or what is left until its absolute end, and never nothing", () => {
    expect(lifeLeft(times(0), 0)).toBe(30 * day);
    expect(lifeLeft(times(360 * day), 0)).toBe(5 * day);
    expect(lifeLeft(times(366 * day), 0)).toBe(1);
  });
});

describe("the memory of its end", () => {
  it("lasts as long as a cookie of it may come, a day at most", () => {
    expect(memoryOfEnd(times(0), 0)).toBe(day);
    expect(memoryOfEnd(times(0, hour), 0)).toBe(hour);
    expect(memoryOfEnd(times(365 * day - hour), 0)).toBe(hour);
  });
});
