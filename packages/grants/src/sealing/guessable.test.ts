import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { createAuth } from "../../../server/src/index.ts";
import { isGuessable } from "./guessable.ts";

/** A random number generator with a seed: the test must not be able to fail by chance. */
async function randomBytes(length: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CTR", false, ["encrypt"]);
  const counter = new Uint8Array(16);
  return new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, key, new Uint8Array(length)),
  );
}

const random = await randomBytes(1024);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (...parts: readonly Uint8Array[]): string =>
  btoa(String.fromCharCode(...parts.flatMap((part) => [...part]))).replaceAll("=", "");
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const counted = (step: (index: number) => number): string => base64(Uint8Array.from({ length: 32 }, (_, i) => step(i)));

function codeOf(secret: string): unknown {
  try {
    createAuth({ provider: spotify, clientId: "client", baseUrl: "https://app.example", secret });
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe("a secret that can be guessed", () => {
  it.each([
    ["one letter", "a".repeat(43)],
    ["one letter, twice as long", "a".repeat(86)],
    ["one digit", "0".repeat(43)],
    ["four letters in turn", "abcd".repeat(16)],
    ["a half twice", base64(random.subarray(0, 16), random.subarray(0, 16))],
    ["32 bytes twice", base64(random.subarray(0, 32), random.subarray(0, 32))],
    ["a block three times", base64(...Array(3).fill(random.subarray(0, 11)))],
    ["a block that begins again", base64(random.subarray(0, 20), random.subarray(0, 12))],
    ["a half and its mirror", base64(random.subarray(0, 18), random.slice(0, 18).reverse())],
    ["hex digits that begin again at half a byte", "1f3c9a0b7d5e2".repeat(6)],
    ["a half filled up with zeros", base64(random.subarray(0, 18), new Uint8Array(14))],
    ["bytes that count down", counted((index) => 255 - index)],
    ["bytes that count by sevens", counted((index) => index * 7)],
    ["the alphabet backwards", "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA"],
    ["the alphabet in pairs", "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxX"],
    ["columns of the keyboard", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0pQAZWSXEDCRFV"],
    ["columns up and down", "1qazXSW23edcVFR45tgbNHY67ujmKI89olP01qazXSW2"],
    ["rows of the keyboard", "qwertyuiop1234567890ASDFGHJKLzxcvbnmQWERTYUIOP12"],
    ["text with umlauts", base64(utf8("Grüße aus München, das ist längerer Text"))],
    ["Japanese, cut in a character", base64(utf8("これは秘密の文字列です。長い").subarray(0, 32))],
    ["UTF-16", base64(utf8([..."this is a text of a person"].join("\0")))],
    ["words without a blank", "EsIstEinLangerSatzOhneLeerzeichenUndOhneZiffer"],
  ])("is %s", (_, secret) => {
    expect(codeOf(secret)).toBe("invalid_secret");
  });

  it("is none of a hundred thousand times 32 random bytes, in base64 and hex", async () => {
    const bytes = await randomBytes(100_000 * 32);
    const refused: string[] = [];
    for (let at = 0; at < bytes.length; at += 32) {
      const own = bytes.subarray(at, at + 32);
      const spelled = at % 96 === 0 ? hex(own) : base64(own);
      if (isGuessable(spelled, own)) refused.push(spelled);
    }
    expect(refused).toEqual([]);
  });

  it("is no random secret of another length", () => {
    for (const length of [33, 48, 64, 128, 512, 1024]) expect(codeOf(base64(random.subarray(0, length)))).toBeNull();
  });
});
