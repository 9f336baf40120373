import { expect, it, vi } from "vitest";
import { monotonicMilliseconds } from "./monotonic-clock.ts";

it("goes on when somebody sets the clock back", () => {
  const before = monotonicMilliseconds();
  vi.setSystemTime(0);
  try {
    expect(Date.now()).toBeLessThan(1_000_000);
    expect(monotonicMilliseconds()).toBeGreaterThanOrEqual(before);
  } finally {
    vi.useRealTimers();
  }
});
