import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Memo } from "./memo.ts";

describe("Memo", () => {
  it("keeps what fits and drops the least recently used values first", () => {
    const memo = new Memo<number>(30);
    memo.set("a", 1, 10);
    memo.set("b", 2, 10);
    memo.set("c", 3, 10);
    expect(memo.get("a")).toBe(1);
    memo.set("d", 4, 15);
    expect([memo.get("a"), memo.get("b"), memo.get("c"), memo.get("d")]).toEqual([1, undefined, undefined, 4]);
    expect([memo.size, memo.bytes]).toEqual([2, 25]);
  });

  it("replaces a value and counts its new bytes only", () => {
    const memo = new Memo<string>(100);
    memo.set("a", "old", 60);
    memo.set("a", "new", 10);
    expect([memo.get("a"), memo.size, memo.bytes]).toEqual(["new", 1, 10]);
  });

  it("does not keep a value that is too large for the whole, nor the value that it would have replaced", () => {
    const memo = new Memo<string>(100);
    memo.set("a", "old", 60);
    memo.set("b", "other", 20);
    memo.set("a", "huge", 101);
    expect([memo.get("a"), memo.get("b"), memo.bytes]).toEqual([undefined, "other", 20]);
  });

  it("keeps 32 MiB where nothing else is said, and nothing where that is said", () => {
    const memo = new Memo<number>();
    memo.set("a", 1, 32 * 1024 * 1024);
    expect(memo.get("a")).toBe(1);
    memo.set("b", 2, 1);
    expect([memo.get("a"), memo.get("b")]).toEqual([undefined, 2]);
    const none = new Memo<number>(0);
    none.set("a", 1, 1);
    expect(none.get("a")).toBeUndefined();
  });

  it("evicts by key and ignores an unknown one", () => {
    const memo = new Memo<number>();
    memo.set("a", 1, 8);
    memo.delete("b");
    memo.delete("a");
    expect([memo.get("a"), memo.size, memo.bytes]).toEqual([undefined, 0, 0]);
  });

  it("keeps keys that objects inherit apart from values", () => {
    expect(new Memo<number>().get("__proto__")).toBeUndefined();
  });

  it("refuses sizes that would break the account", () => {
    expect(() => new Memo(Number.NaN)).toThrow(RangeError);
    expect(() => new Memo<number>(10).set("a", 1, Number.NaN)).toThrow(RangeError);
    expect(() => new Memo<number>(10).set("a", 1, -1)).toThrow(RangeError);
  });

  it("compares whole keys, also where they end alike", () => {
    const memo = new Memo<number>();
    const end = "t".repeat(40);
    memo.set(`a${end}`, 1, 8);
    expect([memo.get(`b${end}`), memo.get(end), memo.get(`a${end}`)]).toEqual([undefined, undefined, 1]);
    memo.delete(`b${end}`);
    expect(memo.get(`a${end}`)).toBe(1);
    memo.set(`b${end}`, 2, 8);
    expect([memo.get(`a${end}`), memo.get(`b${end}`), memo.size, memo.bytes]).toEqual([undefined, 2, 1, 8]);
    memo.delete(`b${end}`);
    expect([memo.get(`b${end}`), memo.size, memo.bytes]).toEqual([undefined, 0, 0]);
  });

  it("does what a list in order of use would do", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
    const step = fc.oneof(
      fc.record({ act: fc.constant("get" as const), key, bytes: fc.constant(0) }),
      fc.record({ act: fc.constant("set" as const), key, bytes: fc.integer({ min: 0, max: 12 }) }),
      fc.record({ act: fc.constant("delete" as const), key, bytes: fc.constant(0) }),
    );
    const total = (list: readonly { bytes: number }[]): number => list.reduce((sum, { bytes }) => sum + bytes, 0);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memo = new Memo<number>(10);
        let list: { key: string; value: number; bytes: number }[] = [];
        for (const [value, { act, key, bytes }] of steps.entries()) {
          const found = list.find((entry) => entry.key === key);
          if (act === "get") expect(memo.get(key)).toBe(found?.value);
          else if (act === "set") memo.set(key, value, bytes);
          else memo.delete(key);
          list = list.filter((entry) => entry !== found);
          if (act === "get" && found !== undefined) list.push(found);
          if (act === "set" && bytes <= 10) list.push({ key, value, bytes });
          while (total(list) > 10) list.shift();
          expect([memo.size, memo.bytes]).toEqual([list.length, total(list)]);
        }
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });
});
