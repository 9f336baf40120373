import { ConfigurationError, PixyError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { SessionTooLargeError } from "./too-large.ts";

describe("SessionTooLargeError", () => {
  it("is told from all other errors", () => {
    expect(PixyError.isInstance(new SessionTooLargeError("m", "h"))).toBe(true);
    expect(SessionTooLargeError.isInstance(new SessionTooLargeError("m", "h"))).toBe(true);
    const other = new ConfigurationError("x", { code: "invalid_option", option: "x", hint: "x" });
    for (const value of [other, new Error("x"), { name: "SessionTooLargeError" }, null]) {
      expect(SessionTooLargeError.isInstance(value)).toBe(false);
    }
  });
});
