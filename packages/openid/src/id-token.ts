import { base64url, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from "jose";
import { type Algorithm, hashOf } from "./algorithms.ts";
import { type IdTokenClaims, readClaims } from "./claims.ts";
import { hasDuplicateMembers } from "./duplicate-members.ts";
import { asIdTokenError, wrong } from "./id-token-error.ts";
import type { IssuerRule } from "./issuer.ts";
import type { KeySet } from "./key-set.ts";

/** Whose ID tokens are taken, and how they are signed. */
export interface IdTokenRules {
  readonly issuer: IssuerRule;
  readonly keys: KeySet;
  readonly algorithms: readonly Algorithm[];
  /** Seconds by which the clocks of provider and app may differ. */
  readonly clockSkew: number;
  /** Whether the ID token is kept with the tokens, for a logout at the provider. */
  readonly keepsIdToken: boolean;
}

/** What an ID token must say. */
export interface Expected {
  readonly clientId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly accessToken: unknown;
  /** Of the login; `undefined` for a refresh, which has none. */
  readonly nonce?: string | undefined;
  /** Since when somebody may have logged in at the provider, in seconds since 1970. */
  readonly authenticatedSince?: number | undefined;
  /** One of which must say how they did. */
  readonly acrValues?: readonly string[] | undefined;
}

/** Octets that an ID token may have: Entra's with groups has about 8,000. */
const largest = 16_384;

/**
 * Checks an ID token; its signature and the claims of a JWT by `jose`.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 * @throws IdTokenError; and what reading the provider's keys failed with
 */
export async function checkIdToken(token: unknown, rules: IdTokenRules, expected: Expected): Promise<IdTokenClaims> {
  if (token === undefined || token === null) throw wrong("id_token_missing", "The answer has no ID token.");
  const { payload, protectedHeader } = await verify(token, rules, expected);
  const { clientId, now } = expected;
  rules.issuer.check(payload);
  if (typeof payload.sub !== "string" || payload.sub === "" || payload.sub.length > 255) {
    throw wrong("id_token_claim_invalid", "The ID token's sub is no text of 1 to 255 characters.");
  }
  checkAuthorizedParty(payload, clientId);
  if ((payload.iat ?? 0) > now / 1000 + rules.clockSkew) {
    throw wrong("id_token_from_the_future", "The ID token's iat is in the future.");
  }
  checkNonce(payload, expected.nonce);
  await checkAccessTokenHash(payload, protectedHeader.alg, expected.accessToken);
  checkAuthentication(payload, expected, rules.clockSkew);
  return readClaims(payload);
}

/** Checks what is signed, for ID tokens and for what else a provider signs alike. */
export async function verify(
  token: unknown,
  rules: IdTokenRules,
  { clientId, now }: Pick<Expected, "clientId" | "now">,
  requiredClaims: string[] = ["iss", "sub", "aud", "exp", "iat"],
): Promise<JWTVerifyResult> {
  if (typeof token !== "string") throw wrong("id_token_malformed", "The ID token is not text.");
  if (token.length > largest) throw wrong("id_token_too_large", `The ID token has more than ${largest} octets.`);
  const parts = token.split(".");
  if (parts.length === 5) throw wrong("id_token_encrypted", "The ID token is encrypted.");
  await rules.keys.load();
  const check = () =>
    jwtVerify(token, rules.keys.find, {
      algorithms: [...rules.algorithms],
      audience: clientId,
      clockTolerance: rules.clockSkew,
      currentDate: new Date(now),
      requiredClaims,
      ...(rules.issuer.names === null ? {} : { issuer: rules.issuer.names }),
    });
  let result: JWTVerifyResult;
  try {
    result = await check().catch(async (error: unknown) => {
      if (!isOfOtherKey(error) || !(await rules.keys.renew())) throw error;
      return check();
    });
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw asIdTokenError(error);
    throw error;
  }
  const decoder = new TextDecoder();
  if (parts.slice(0, 2).some((part) => hasDuplicateMembers(decoder.decode(base64url.decode(part))))) {
    throw wrong("id_token_duplicate_member", "The ID token names a member twice.");
  }
  return result;
}

/** Providers replace their keys, and not all of them by another `kid`. */
function isOfOtherKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
}

function checkAuthorizedParty({ aud, azp }: JWTPayload, clientId: string): void {
  if (azp === undefined && !(Array.isArray(aud) && aud.length > 1)) return;
  if (azp !== clientId) {
    throw wrong("id_token_authorized_party", "The ID token is for several clients, and was not given to this one.");
  }
}

function checkNonce({ nonce }: JWTPayload, expected: string | undefined): void {
  if (expected === undefined || nonce === expected) return;
  const what = nonce === undefined ? "The ID token has no nonce." : "The ID token is another login's.";
  throw wrong("id_token_nonce", what);
}

/** Section 3.1.3.8: the left half of the access token's hash. */
async function checkAccessTokenHash({ at_hash: hash }: JWTPayload, alg: string, accessToken: unknown): Promise<void> {
  if (hash === undefined) return;
  const digest = await crypto.subtle.digest(hashOf(alg), new TextEncoder().encode(String(accessToken)));
  if (hash === base64url.encode(new Uint8Array(digest, 0, digest.byteLength / 2))) return;
  throw wrong("id_token_access_token_hash", "The ID token belongs to another access token.");
}

function checkAuthentication({ auth_time, acr }: JWTPayload, expected: Expected, clockSkew: number): void {
  const { authenticatedSince, acrValues } = expected;
  if (authenticatedSince !== undefined) {
    if (typeof auth_time !== "number" || auth_time + clockSkew < authenticatedSince) {
      throw wrong(
        "id_token_authentication_time",
        "The login at the provider is older than max_age, or has no auth_time.",
      );
    }
  }
  if (acrValues !== undefined && !(typeof acr === "string" && acrValues.includes(acr))) {
    throw wrong("id_token_authentication_context", "The person did not log in at the provider by one of acr_values.");
  }
}
