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

  it("stays within its bound over many values", () => {
    const memo = new Memo<number>(1_000);
    for (let index = 0; index < 5_000; index++) {
      memo.set(`key ${index % 700}`, index, index % 90);
      expect(memo.bytes).toBeLessThanOrEqual(1_000);
    }
    expect(memo.get(`key ${4_999 % 700}`)).toBe(4_999);
  });
});
