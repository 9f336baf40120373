import { describe, expect, it } from "vitest";
import { escaped, unescaped } from "./escaped.ts";

describe("text without NUL", () => {
  it("comes back as it was", () => {
    for (const text of ["", "a", "\0", "\\", "\\0", "\\\0", "0\\\\0\0", "a\0b\\c", "“鍵” 🗝️"]) {
      expect(escaped(text)).not.toContain("\0");
      expect(unescaped(escaped(text))).toBe(text);
    }
  });
});
