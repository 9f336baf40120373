import type { Claims } from "@pixy/core";

/**
 * What an ID token says that was checked. A standard claim of another type is left out.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core section 2}
 */
export interface IdTokenClaims extends Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  /** Seconds since 1970. */
  readonly exp: number;
  /** Seconds since 1970. */
  readonly iat: number;
}

const texts = [
  ...["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"],
  ...["website", "email", "gender", "birthdate", "zoneinfo", "locale", "phone_number", "acr", "azp", "sid", "nonce"],
];
const flags = ["email_verified", "phone_number_verified"];

/** The claims with the standard ones of their types. */
export function readClaims(payload: Readonly<Record<string, unknown>>): IdTokenClaims {
  const claims: Record<string, unknown> = { ...payload };
  for (const name of texts) if (typeof claims[name] !== "string") delete claims[name];
  readFlags(claims, flags);
  if (typeof claims.auth_time !== "number") delete claims.auth_time;
  const { amr } = claims;
  if (!(Array.isArray(amr) && amr.every((item) => typeof item === "string"))) delete claims.amr;
  return claims as unknown as IdTokenClaims;
}

/** Reads flags in their place, which some write as text; what is neither is left out. */
export function readFlags(claims: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const flag = claims[name] === "true" ? true : claims[name] === "false" ? false : claims[name];
    if (typeof flag === "boolean") claims[name] = flag;
    else delete claims[name];
  }
}
