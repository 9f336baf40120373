import { base64url } from "jose";
import { describe, expect, it } from "vitest";
import { fromBase64url, toBase64url } from "./base64url.ts";

const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);

describe("base64url", () => {
  it.each([0, 1, 2, 3, 4, 255, 256])("is as jose writes it, and read again: %i bytes", (length) => {
    const bytes = every.slice(0, length);
    expect(toBase64url(bytes)).toBe(base64url.encode(bytes));
    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
  });

  it("reads base64 with its padding, too", () => {
    expect(fromBase64url(btoa(String.fromCharCode(...every)))).toEqual(every);
  });

  it("writes more than fits onto a stack", () => {
    const many = new Uint8Array(1_000_000).fill(251);
    expect(toBase64url(many)).toBe(base64url.encode(many));
  });
});
