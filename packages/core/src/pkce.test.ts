import { createHash } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigurationError, generateCodes, generateState, isVerifier } from "./index.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const invalid = { code: "invalid_verifier" };

describe("generateCodes", () => {
  it("P1 gives each length from 43 to 128 exactly, 100 by default", async () => {
    expect((await generateCodes()).verifier).toHaveLength(100);
    for (let length = 43; length <= 128; length++) {
      const { verifier, method } = await generateCodes(length);
      expect(verifier).toMatch(/^[A-Za-z0-9\-._~]{43,128}$/);
      expect(verifier).toHaveLength(length);
      expect(method).toBe("S256");
    }
  });

  it.each([42, 129, 0, -1, 43.5, Number.NaN, Number.POSITIVE_INFINITY, "64", ""])(
    "P1 refuses the length %s",
    async (length) => {
      await expect(generateCodes(length)).rejects.toMatchObject(invalid);
    },
  );

  it("P1 refuses a verifier that is too short or too long, and says which of the two was wrong", async () => {
    await expect(generateCodes("a".repeat(42))).rejects.toMatchObject({ ...invalid, option: "verifier" });
    await expect(generateCodes("a".repeat(129))).rejects.toMatchObject({ ...invalid, option: "verifier" });
    await expect(generateCodes(129)).rejects.toMatchObject({ ...invalid, option: "length" });
  });

  it("P2 does not use Math.random", async () => {
    vi.spyOn(Math, "random").mockImplementation(() => {
      throw new Error("not random enough");
    });
    expect((await generateCodes()).verifier).toHaveLength(100);
  });

  it("P2 has no fallback without WebCrypto", async () => {
    vi.stubGlobal("crypto", undefined);
    await expect(generateCodes()).rejects.toMatchObject({
      name: "ConfigurationError",
      code: "crypto_unavailable",
      option: "crypto",
    });
    expect(() => generateState()).toThrow(ConfigurationError);
  });

  // `byte % 66` would make 58 of 66 letters a third more frequent; the mask over 64 letters is exact, which is shown
  // by feeding it every byte once: no sampling, so no chance of a false alarm.
  it("P2 is unbiased: each of the 64 letters comes from exactly 4 of the 256 bytes", async () => {
    const counts = new Map<string, number>();
    let next = 0;
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      const bytes = array as unknown as Uint8Array;
      for (let index = 0; index < bytes.length; index++) bytes[index] = next++ % 256;
      return array;
    });
    for (const length of [128, 128]) {
      for (const letter of (await generateCodes(length)).verifier) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.size).toBe(64);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it.each(["+", "/", "=", " ", "é", "%", "\n", "\uFF0D"])("P3 refuses a verifier with %j", async (character) => {
    await expect(generateCodes("a".repeat(42) + character)).rejects.toMatchObject(invalid);
    await expect(generateCodes("a".repeat(43) + character)).rejects.toMatchObject(invalid);
    await expect(generateCodes(character + "a".repeat(43))).rejects.toMatchObject(invalid);
  });

  it("P3 takes nothing but a text for a verifier", () => {
    expect(isVerifier("a".repeat(43))).toBe(true);
    expect(isVerifier(["a".repeat(43)])).toBe(false);
  });

  it("P3 takes every unreserved character", async () => {
    expect((await generateCodes("~".repeat(43))).verifier).toBe("~".repeat(43));
  });

  it.each([
    ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
    ["3641a2d12d66101249cdf7a79c000c1f8c05d2aafcf14bf146497bed", "6fdkQaPm51l13DSukcAH3Mdx7_ntecHYd1vi3n0hMZY"],
    ["a".repeat(43), "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA"],
    ["-._~".repeat(32), "wEN2Mh1i33jhevH7WF-NulA1aGJPY9l0zG2M4t8rhw4"],
    ["A".repeat(128), "tqw8wQOGMxx2XwTwQcFH0PJ48q7Y6qAh4tAFf8b2_54"],
  ])("P4 hashes %s to the known challenge", async (verifier, challenge) => {
    expect(await generateCodes(verifier)).toEqual({ verifier, challenge, method: "S256" });
  });

  it("P5 agrees with node:crypto on 1,000 random verifiers", async () => {
    for (let count = 0; count < 1000; count++) {
      const { verifier, challenge } = await generateCodes();
      expect(challenge).toBe(createHash("sha256").update(verifier).digest("base64url"));
      expect(challenge).toMatch(/^[\w-]{43}$/);
    }
  });

  it("P9 never repeats a verifier or a state", async () => {
    const seen = new Set<string>();
    for (let count = 0; count < 1000; count++) seen.add((await generateCodes()).verifier).add(generateState());
    expect(seen.size).toBe(2000);
  });
});

describe("generateState", () => {
  it("A11 gives 43 base64url characters", () => {
    expect(generateState()).toMatch(/^[\w-]{43}$/);
  });
});
