import { sha256 } from "./digest.ts";
import { redact } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";

/**
 * What a provider granted, as plain JSON data.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.1 RFC 6749 section 5.1}
 */
export interface Tokens {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** Seconds from `createdAt`, or `null` where the provider did not say. */
  readonly expiresIn: number | null;
  readonly scope: readonly string[];
  readonly refreshToken: string | null;
  /** Milliseconds since 1970, taken before the token request was sent. */
  readonly createdAt: number;
  /** Milliseconds since 1970 of the code exchange, which a refresh does not move; `null` where it is not known. */
  readonly authorizedAt: number | null;
  /**
   * When the refresh token ends, in milliseconds since 1970, as the provider stated it; `null` where it said that it does
   * not; absent where it said nothing. `reauthDueAt` knows the documented clocks too.
   */
  readonly refreshTokenExpiresAt?: number | null | undefined;
  /** What the provider's `checkTokens` keeps with them, and gets back with a refresh. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/**
 * Freezes token data, also data that was saved as JSON.
 * `JSON.stringify` tells the truth, so that it can be saved; `String` and `util.inspect` print `[redacted]`.
 *
 * @throws ConfigurationError where a member has the wrong type.
 * @example
 * const tokens = createTokens(JSON.parse(saved));
 */
export function createTokens(data: Tokens): Tokens {
  const { accessToken, expiresIn, refreshToken, scope, createdAt, authorizedAt, refreshTokenExpiresAt, extra } = data;
  const valid =
    isText(accessToken) &&
    (expiresIn === null || Number.isFinite(expiresIn)) &&
    (refreshToken === null || isText(refreshToken)) &&
    Array.isArray(scope) &&
    Number.isFinite(createdAt) &&
    (authorizedAt === null || Number.isFinite(authorizedAt)) &&
    Number.isFinite(refreshTokenExpiresAt ?? 0) &&
    Object.values(extra ?? {}).every(isText);
  if (!valid) {
    throw new ConfigurationError("These are not tokens.", {
      code: "invalid_option",
      option: "tokens",
      hint: "Give the object that a token request or onRefresh returned, or its JSON, unchanged.",
    });
  }
  return redact("Tokens", {
    accessToken,
    tokenType: "Bearer",
    expiresIn,
    scope: Object.freeze([...scope]),
    refreshToken,
    createdAt,
    authorizedAt,
    ...(refreshTokenExpiresAt === undefined ? {} : { refreshTokenExpiresAt }),
    ...(extra && { extra: Object.freeze({ ...extra }) }),
  });
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** Returns when the access token expires, in milliseconds since 1970, or `null` when that is not known. */
export function expiresAt(tokens: Tokens): number | null {
  return tokens.expiresIn === null ? null : tokens.createdAt + tokens.expiresIn * 1000;
}

/** Tells whether the access token has expired at `now` (milliseconds); false when the expiry is not known. */
export function isExpired(tokens: Tokens, now: number = Date.now()): boolean {
  return expiresWithin(tokens, 0, now);
}

/** Tells whether the access token expires within `seconds` of `now`; false when the expiry is not known. */
export function expiresWithin(tokens: Tokens, seconds: number, now: number = Date.now()): boolean {
  const end = expiresAt(tokens);
  return end !== null && end <= now + seconds * 1000;
}

/** Returns 8 characters that identify a secret in logs and events without giving it away. */
export async function fingerprint(secret: string): Promise<string> {
  return (await sha256(secret)).slice(0, 8);
}
