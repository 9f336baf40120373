import type { Claims } from "@pixy/core";
import { type IdTokenClaims, readFlags } from "../claims.ts";

/**
 * What Apple's ID token says, after it was checked.
 *
 * @see {@link https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple Apple's list}
 */
export interface AppleClaims extends IdTokenClaims {
  /** Whether `email` is a relay of Apple's that leads to the person's own address. */
  readonly is_private_email?: boolean | undefined;
  readonly nonce_supported?: boolean | undefined;
  /** Names the person while an app goes over to another team. */
  readonly transfer_sub?: string | undefined;
}

/** The same claims, in which no flag is a text. */
export function readAppleClaims(claims: Claims): AppleClaims {
  const read: Record<string, unknown> = { ...claims };
  readFlags(read, ["is_private_email", "nonce_supported"]);
  return read as unknown as AppleClaims;
}
