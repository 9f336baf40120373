import { describe, expect, it } from "vitest";
import { andThen } from "./maybe-promise.ts";

describe("going on with a value", () => {
  it("is done at once where the value is at hand", () => {
    expect(andThen(20, (value) => value + 1)).toBe(21);
  });

  it("waits for one that is on its way, and for a next step that takes its time", async () => {
    const slow = andThen(Promise.resolve(20), (value) => value + 1);
    expect(slow).toBeInstanceOf(Promise);
    expect(await slow).toBe(21);
    expect(await andThen(20, async (value) => value + 1)).toBe(21);
  });

  it("does not go on with a failure", async () => {
    const failure = new Error("away");
    const next = () => "next";
    await expect(andThen(Promise.reject(failure), next)).rejects.toBe(failure);
    expect(() =>
      andThen(1, () => {
        throw failure;
      }),
    ).toThrow(failure);
  });
});
