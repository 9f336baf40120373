import { StoreFullError } from "@pixy/grants";
import { describe, expect, it } from "vitest";
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

  it("says that there is no room where the store says so, and when to come again", async () => {
    const cause = new StoreFullError();
    const full = expect.objectContaining({ code: "store_full", status: 503, cause });
    const throws = () => {
      throw cause;
    };
    expect(() => storeAnswer(throws)).toThrow(full);
    await expect(storeAnswer(() => Promise.reject(cause))).rejects.toEqual(full);
    await expect(async () => storeAnswer(throws)).rejects.toMatchObject({ headers: { "retry-after": "60" } });
  });
});
