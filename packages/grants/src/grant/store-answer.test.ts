import { describe, expect, it } from "vitest";
import { StoreFullError } from "../record/store-full.ts";
import { answer } from "./store-answer.ts";

describe("what a store answers", () => {
  it("is handed on; its failure has a code of ours, and a full one its own", async () => {
    const full = new StoreFullError();
    const failing = (error: unknown) => () => {
      throw error;
    };
    expect(await answer(() => 1)).toBe(1);
    await expect(answer(failing(full))).rejects.toBe(full);
    await expect(answer(failing(new Error("ECONNRESET")))).rejects.toMatchObject({
      ...{ code: "store_unavailable", cause: { message: "ECONNRESET" } },
    });
    await expect(answer(() => Promise.reject("gone"))).rejects.toMatchObject({ cause: "gone" });
  });
});
