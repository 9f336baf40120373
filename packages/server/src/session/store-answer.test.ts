import { describe, expect, it } from "vitest";
import { storeFull } from "../errors.ts";
import { storeAnswer } from "./store-answer.ts";

const away = new Error("ECONNREFUSED");
const unavailable = expect.objectContaining({ code: "store_unavailable", status: 503, cause: away });

describe("the answer of a store", () => {
  it("is passed on, at once where it is at hand", async () => {
    expect(storeAnswer(() => "session")).toBe("session");
    await expect(storeAnswer(async () => "session")).resolves.toBe("session");
  });

  it("is 503 for the person where the store is away, whether it throws or rejects", async () => {
    const throws = () => {
      throw away;
    };
    expect(() => storeAnswer(throws)).toThrow(unavailable);
    await expect(storeAnswer(() => Promise.reject(away))).rejects.toEqual(unavailable);
  });

  it("stays what it is where the store itself says what the person gets", async () => {
    const full = storeFull();
    await expect(storeAnswer(() => Promise.reject(full))).rejects.toBe(full);
    await expect(async () => storeAnswer(() => Promise.reject(full))).rejects.toMatchObject({ code: "store_full" });
  });
});
