import { ConfigurationError } from "./errors.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const decoder = /* @__PURE__ */ new TextDecoder();

/** Throws `ConfigurationError` `crypto_unavailable`. */
export function webCrypto(): Crypto {
  const { crypto } = globalThis;
  if (!crypto?.subtle) {
    throw new ConfigurationError("This runtime has no WebCrypto.", {
      code: "crypto_unavailable",
      option: "crypto",
      hint: "Use Node 20 or later, or a secure context (https or loopback) in the browser.",
    });
  }
  return crypto;
}

/**
 * Returns `length` random characters of the base64url alphabet, 6 bits each.
 * 64 letters divide 256 evenly, so masking a byte is unbiased and needs no rejection; the two unreserved
 * characters left out (`.` and `~`) would add 0.04 bits per character.
 */
export function randomText(length: number): string {
  const bytes = webCrypto().getRandomValues(new Uint8Array(length));
  for (let at = 0; at < length; at++) bytes[at] = alphabet.charCodeAt((bytes[at] as number) & 63);
  return decoder.decode(bytes);
}

/** Tells whether a text has a UTF-8 form: a lone surrogate has none, and URLSearchParams would replace it silently. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/**
 * Hides an object's members from `String` and `util.inspect`, and freezes it. JSON stays true, because tokens are saved
 * as JSON; what logs print by itself is inspected or made a string. A spread copy is an object like any other.
 */
export function redact<T extends object>(label: string, value: T): T {
  const redacted = { value: () => `${label} [redacted]` };
  Object.defineProperties(value, { toString: redacted, [Symbol.for("nodejs.util.inspect.custom")]: redacted });
  return Object.freeze(value);
}
