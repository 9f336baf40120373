import { sha256 } from "./digest.ts";
import { randomText } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";

/**
 * The pair of PKCE: the verifier stays with this browser's login, the challenge goes to the provider.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 */
export interface Codes {
  readonly verifier: string;
  readonly challenge: string;
  readonly method: "S256";
}

/**
 * Generates a verifier and its S256 challenge; give a length (43 to 128, default 100) or your own verifier.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.1 RFC 7636 section 4.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.2 RFC 7636 section 4.2}
 * @throws ConfigurationError with code `invalid_verifier`.
 * @example
 * const { verifier, challenge } = await generateCodes();
 */
export async function generateCodes(lengthOrVerifier: number | string = 100): Promise<Codes> {
  const isLength = typeof lengthOrVerifier === "number";
  const valid = isLength
    ? Number.isInteger(lengthOrVerifier) && lengthOrVerifier >= 43 && lengthOrVerifier <= 128
    : isVerifier(lengthOrVerifier);
  if (!valid) {
    const option = isLength ? "length" : "verifier";
    throw new ConfigurationError(`The ${option} is not valid.`, {
      code: "invalid_verifier",
      option,
      hint: isLength
        ? "Give a whole number from 43 to 128, or nothing."
        : "Give 43 to 128 random characters out of A-Z a-z 0-9 - . _ ~, or nothing.",
    });
  }
  const verifier = isLength ? randomText(lengthOrVerifier) : lengthOrVerifier;
  return { verifier, challenge: await sha256(verifier), method: "S256" };
}

/**
 * Tells whether a value has the form of a verifier.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.1 RFC 7636 section 4.1}
 */
export function isVerifier(value: unknown): value is string {
  return typeof value === "string" && /^[\w.~-]{43,128}$/.test(value);
}

/**
 * Generates a `state`: 43 base64url characters, 258 bits.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-10.12 RFC 6749 section 10.12}
 */
export function generateState(): string {
  return randomText(43);
}
