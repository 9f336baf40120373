import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";

describe("a provider's text made printable", () => {
  it("keeps the characters of RFC 6749 section 4.1.2.1", () => {
    const allowed = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index))
      .filter((character) => character !== '"' && character !== "\\")
      .join("");
    expect(printable(allowed)).toBe(allowed);
  });

  it("shows a question mark for each of the others: none breaks a line, a quotation or a terminal", () => {
    expect(printable('a"b\\c\r\nd\te\u001b[31m\u007fé\u2028')).toBe("a?b?c??d?e?[31m???");
  });

  it("ends after 300 characters", () => {
    expect(printable("a".repeat(300))).toHaveLength(300);
    expect(printable("a".repeat(100_000))).toHaveLength(300);
    expect(printable("")).toBe("");
  });
});
