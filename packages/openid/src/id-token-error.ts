import { PixyError } from "@pixy/core";
import { errors } from "jose";

/** What is wrong with an ID token. */
export type IdTokenErrorCode =
  | "id_token_missing"
  | "id_token_too_large"
  | "id_token_encrypted"
  | "id_token_malformed"
  | "id_token_duplicate_member"
  | "id_token_algorithm"
  | "id_token_header"
  | "id_token_key_unknown"
  | "id_token_key_ambiguous"
  | "id_token_key_unusable"
  | "id_token_signature"
  | "id_token_claim_missing"
  | "id_token_claim_invalid"
  | "id_token_issuer"
  | "id_token_tenant"
  | "id_token_audience"
  | "id_token_authorized_party"
  | "id_token_expired"
  | "id_token_from_the_future"
  | "id_token_nonce"
  | "id_token_access_token_hash"
  | "id_token_authentication_time"
  | "id_token_authentication_context"
  | "id_token_subject";

const hints: Readonly<Partial<Record<IdTokenErrorCode, string>>> = {
  id_token_missing: 'Is "openid" among the scopes, and does the provider allow it to this client?',
  id_token_too_large: "Let the provider put less into it. Ask for groups and roles at its API.",
  id_token_encrypted: "Turn the encryption of ID tokens off at the provider: TLS carries them.",
  id_token_algorithm:
    "Have the provider sign ID tokens with RS256, PS256, ES256 or EdDSA, or name its algorithm in `algorithms`.",
  id_token_key_ambiguous:
    "The provider has several keys, and the token has no `kid` that says which. Tell the provider.",
  id_token_issuer: "Compare the provider's issuer with its metadata, character by character.",
  id_token_tenant: "Add the tenant to `tenants`, if its people may come in.",
  id_token_audience: "Compare the client id with the provider's dashboard: the token was made for another client.",
  id_token_expired: "Compare the clock of this machine with that of the provider.",
  id_token_from_the_future: "Compare the clock of this machine with that of the provider.",
  id_token_authentication_time: "max_age wanted a newer login. Send the person through a login with prompt=login.",
  id_token_authentication_context: "Ask the provider which acr_values it has.",
};

/**
 * Reports an ID token that proves nothing; nobody is logged in by it.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 */
export class IdTokenError extends PixyError {
  override readonly name: string = "IdTokenError";
  declare readonly code: IdTokenErrorCode;

  constructor(message: string, { code, cause }: { readonly code: IdTokenErrorCode; readonly cause?: unknown }) {
    super(message, { code, cause, hint: hints[code] ?? "Log in again, or look at the provider." });
  }

  static override isInstance(value: unknown): value is IdTokenError {
    return PixyError.isInstance(value) && value.name === "IdTokenError";
  }
}

/** What `jose` found wrong, in our words. Its own errors hold the claims, so that none is kept as the cause. */
export function asIdTokenError(error: unknown): IdTokenError {
  if (error instanceof errors.JWTExpired) return wrong("id_token_expired", "The ID token has expired.");
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaim(error.claim, error.reason);
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return wrong("id_token_algorithm", "The ID token is signed by an algorithm that is not allowed, or not signed.");
  }
  if (error instanceof errors.JOSENotSupported)
    return wrong("id_token_header", "The ID token's header is not supported.");
  if (error instanceof errors.JWKSNoMatchingKey) {
    return wrong("id_token_key_unknown", "The provider has no such key as the ID token is signed with.");
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return wrong("id_token_key_ambiguous", "Several keys of the provider may have signed the ID token.");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return wrong("id_token_signature", "The ID token's signature is not the provider's.");
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return wrong("id_token_malformed", "The ID token is no signed JWT.");
  }
  return wrong("id_token_key_unusable", "The provider's key cannot be used.", error);
}

function ofClaim(claim: string, reason: string): IdTokenError {
  if (reason === "missing") return wrong("id_token_claim_missing", `The ID token has no ${claim}.`);
  if (reason === "invalid") return wrong("id_token_claim_invalid", `The ID token's ${claim} is not of its type.`);
  if (claim === "iss") return wrong("id_token_issuer", "The ID token is another issuer's.");
  if (claim === "aud") return wrong("id_token_audience", "The ID token was made for another client.");
  return wrong("id_token_from_the_future", `The ID token's ${claim} is in the future.`);
}

export function wrong(code: IdTokenErrorCode, message: string, cause?: unknown): IdTokenError {
  return new IdTokenError(message, { code, cause });
}
