import { describe, expect, it } from "vitest";
import { processState } from "./process-state.ts";

describe("process state", () => {
  it("is made once for a name, and is one for all who ask", () => {
    const first = processState("test state", () => new Map([["made", 1]]));
    expect(processState("test state", () => new Map())).toBe(first);
    expect(processState("other test state", () => new Map())).not.toBe(first);
  });

  it("lives where a second copy of the module finds it", () => {
    const state = processState("test state of two copies", () => ({}));
    const registry = (globalThis as unknown as Record<symbol, Map<string, unknown>>)[Symbol.for("pixy/1")];
    expect(registry?.get("test state of two copies")).toBe(state);
  });
});
