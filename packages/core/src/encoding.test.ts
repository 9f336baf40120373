import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isWellFormed, randomText, redact, webCrypto } from "./encoding.ts";

describe("random text", () => {
  it("has exactly the length that is asked for, in the alphabet of base64url", () => {
    for (const length of [0, 1, 43, 128, 1_000]) expect(randomText(length)).toMatch(new RegExp(`^[\\w-]{${length}}$`));
  });

  it("uses every letter", () => {
    expect(new Set(randomText(20_000)).size).toBe(64);
  });

  it("is never the same", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => randomText(43))).size).toBe(1_000);
  });
});

describe("WebCrypto", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([undefined, {}])(
    "is missed where the runtime offers %j: there is no weaker source to fall back to",
    (crypto) => {
      vi.stubGlobal("crypto", crypto);
      for (const use of [webCrypto, () => randomText(43)]) {
        expect(use).toThrow(
          expect.objectContaining({ code: "crypto_unavailable", hint: expect.stringContaining("Node 20") }),
        );
      }
    },
  );
});

describe("a well-formed text", () => {
  it("has a UTF-8 form", () => {
    for (const text of ["", "a", "é", "😀", "\0"]) expect(isWellFormed(text)).toBe(true);
  });

  it("has no half of a surrogate pair", () => {
    for (const text of ["\uD83D", "a\uDE00", "\uDE00\uD83D"]) expect(isWellFormed(text)).toBe(false);
  });
});

describe("a redacted object", () => {
  const value = redact("Tokens", { accessToken: "canary-access", inner: { refreshToken: "canary-refresh" } });

  it("shows nothing to what logs print by themselves", () => {
    for (const printed of [
      String(value),
      `${value}`,
      inspect(value),
      inspect({ value }, { depth: 9, showHidden: true }),
    ]) {
      expect(printed).toContain("Tokens [redacted]");
      expect(printed).not.toContain("canary");
    }
  });

  it("is whole as JSON, which is how tokens are saved, and as a copy", () => {
    const plain = { accessToken: "canary-access", inner: { refreshToken: "canary-refresh" } };
    expect(JSON.parse(JSON.stringify(value))).toEqual(plain);
    expect(Object.keys(value)).toEqual(["accessToken", "inner"]);
    expect({ ...value }).toEqual(plain);
  });

  it("cannot be changed", () => {
    expect(Object.isFrozen(value)).toBe(true);
  });
});
