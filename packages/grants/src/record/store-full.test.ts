import { PixyError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { StoreFullError } from "./store-full.ts";

describe("a store without room", () => {
  it("says which option to change, and is known by its name where this module was loaded twice", () => {
    const full = new StoreFullError();
    expect(full).toMatchObject({ name: "StoreFullError", code: "store_full" });
    expect(full.hint).toContain("maxSessions");
    const cause = new Error("53100");
    expect(new StoreFullError({ hint: "Give the disk more room.", cause })).toMatchObject({
      ...{ code: "store_full", hint: "Give the disk more room.", cause },
    });
    expect([StoreFullError.isInstance(full), PixyError.isInstance(full)]).toEqual([true, true]);
    for (const value of [new Error("full"), { code: "store_full" }, null]) {
      expect(StoreFullError.isInstance(value)).toBe(false);
    }
  });
});
