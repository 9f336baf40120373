import { describe, expect, it } from "vitest";
import { Recent } from "./recent.ts";

describe("Recent", () => {
  it("keeps a value for its time, whether it was dropped by then or not", () => {
    const recent = new Recent<string>(100);
    recent.set("a", "first", 0);
    expect([recent.get("a", 99), recent.get("a", 100), recent.get("b", 0)]).toEqual(["first", undefined, undefined]);
    expect(recent.size).toBe(1);
    recent.set("b", "second", 100);
    expect(recent.size).toBe(1);
  });

  it("lets the oldest go once there are too many bytes", () => {
    const recent = new Recent<string>(100, 30);
    for (const [at, [name, bytes]] of Object.entries({ a: 10, b: 10, c: 10, d: 15 }).entries()) {
      if (name === "d") expect([recent.size, recent.bytes]).toEqual([3, 30]);
      recent.set(name, name, at, bytes);
    }
    expect(["a", "b", "c", "d"].filter((name) => recent.get(name, 4))).toEqual(["c", "d"]);
    expect(recent.bytes).toBe(25);
    recent.set("huge", "huge", 4, 31);
    expect([recent.size, recent.bytes]).toEqual([0, 0]);
  });

  it("keeps a value in the place of an earlier one, and counts its bytes and its time anew", () => {
    const recent = new Recent<string>(100, 30);
    recent.set("a", "old", 0, 20);
    recent.set("b", "other", 0, 5);
    recent.set("a", "new", 50, 10);
    expect([recent.get("a", 149), recent.bytes]).toEqual(["new", 15]);
  });

  it("lets a value go when it is told to, and only that one", () => {
    const recent = new Recent<string>(100);
    recent.set("a", "new", 0, 10);
    expect([recent.delete("a", "old"), recent.delete("b"), recent.size]).toEqual([false, false, 1]);
    expect([recent.delete("a", "new"), recent.size, recent.bytes]).toEqual([true, 0, 0]);
  });

  it("keeps those of the last while, however many come", () => {
    const recent = new Recent<number>(100);
    const sizes = Array.from({ length: 10_000 }, (_, now) => {
      recent.set(`value ${now}`, now, now);
      return recent.size;
    });
    expect(Math.max(...sizes)).toBe(100);
  });
});
