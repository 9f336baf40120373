import { describe, expect, it } from "vitest";
import { deepFreeze } from "./deep-freeze.ts";

describe("deepFreeze", () => {
  it("freezes all that is in the data, and returns it", () => {
    const data = { list: [{ deep: { deeper: [1] } }], none: null, text: "a" };
    expect(deepFreeze(data)).toBe(data);
    const changes: (() => unknown)[] = [
      () => data.list.push({ deep: { deeper: [] } }),
      () => ((data.list[0] as { deep: unknown }).deep = 1),
      () => data.list[0]?.deep.deeper.push(2),
      () => Object.assign(data, { new: 1 }),
    ];
    for (const change of changes) expect(change).toThrow(TypeError);
  });

  it("leaves alone what is no object", () => {
    for (const value of [undefined, null, 1, "text", true]) expect(deepFreeze(value)).toBe(value);
  });

  it("goes as deep as the data", () => {
    const data = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(Object.isFrozen(deepFreeze(data)[0][0])).toBe(true);
  });
});
