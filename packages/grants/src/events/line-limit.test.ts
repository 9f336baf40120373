import { afterEach, describe, expect, it, vi } from "vitest";
import { createLineLimit } from "./line-limit.ts";

describe("the limit of printed lines", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is 30 in a minute, and one that says so", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const clock = { at: 1_000 };
    const mayPrint = createLineLimit(() => clock.at);
    const allowed = (count: number) => Array.from({ length: count }, mayPrint).filter(Boolean).length;
    expect(allowed(1_000)).toBe(30);
    expect(warn.mock.calls).toEqual([["[pixy] More lines like these are left out for a minute."]]);
    clock.at += 59_999;
    expect(allowed(10)).toBe(0);
    clock.at += 1;
    expect(allowed(10)).toBe(10);
  });

  it("ends no later where the clock is set back", () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const clock = { at: 1_000_000 };
    const mayPrint = createLineLimit(() => clock.at);
    for (let count = 0; count < 40; count++) mayPrint();
    clock.at = 1_000;
    expect(mayPrint()).toBe(true);
  });
});
