/**
 * Who somebody is, as the provider's answer says and its `checkTokens` has verified, by the names that OpenID Connect gives;
 * what else there is comes as the provider wrote it.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims OpenID Connect Core section 5.1}
 */
export interface Claims {
  /** Names the person for good, at this issuer; never an e-mail address. */
  readonly sub?: string | undefined;
  readonly name?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  readonly preferred_username?: string | undefined;
  readonly email?: string | undefined;
  /** Only then is the address the person's. */
  readonly email_verified?: boolean | undefined;
  readonly picture?: string | undefined;
  readonly locale?: string | undefined;
  readonly zoneinfo?: string | undefined;
  /** Seconds since 1970: when the person logged in at the provider. */
  readonly auth_time?: number | undefined;
  /** How they did: the class, and the methods. */
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /** Names the login at the provider. */
  readonly sid?: string | undefined;
  readonly [claim: string]: unknown;
}
