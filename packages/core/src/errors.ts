import { printable } from "./printable.ts";
import type { TokenRequestOutcome } from "./refusals.ts";

const brand: symbol = /* @__PURE__ */ Symbol.for("pixy/error");

/** The codes of the errors that this package throws; they are part of its public contract. */
export type PixyErrorCode =
  | ConfigurationErrorCode
  | CallbackErrorCode
  | TokenRequestErrorCode
  | DiscoveryErrorCode
  | ReauthErrorCode
  | ResourceRequestErrorCode;

export type ConfigurationErrorCode =
  | "invalid_option"
  | "invalid_verifier"
  | "insecure_endpoint"
  | "invalid_redirect_uri"
  | "reserved_parameter"
  | "metadata_conflict"
  | "crypto_unavailable"
  | "unvalidated_callback";

export type CallbackErrorCode =
  | "state_mismatch"
  | "state_missing"
  | "code_missing"
  | "duplicate_parameter"
  | "parameter_too_large"
  | "issuer_mismatch"
  | "issuer_missing"
  | "authorization_refused";

export type TokenRequestErrorCode =
  | "token_request_refused"
  | "client_authentication_failed"
  | "rate_limited"
  | "provider_unavailable"
  | "provider_timeout"
  | "provider_misconfigured"
  | "token_type_unsupported"
  | "token_endpoint_redirected"
  | "tokens_rejected"
  | "invalid_token_response";

export type DiscoveryErrorCode =
  | "metadata_unavailable"
  | "invalid_metadata"
  | "metadata_issuer_mismatch"
  | "pkce_unsupported";

export type ReauthErrorCode = "reauth_required";

export type ResourceRequestErrorCode = "origin_not_allowed" | "authorization_header_present" | "redirect_refused";

export interface PixyErrorInput {
  readonly code: string;
  /** What the reader of the error should change; never contains a secret. */
  readonly hint: string;
  readonly cause?: unknown;
}

/**
 * Is the base of every error that Pixy throws; its subclasses say who failed, `code` says how, `hint` what to change.
 * Message and hint are printable, whatever they were made of.
 */
export abstract class PixyError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(message: string, { code, hint, cause }: PixyErrorInput) {
    super(printable(message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = printable(hint);
    Object.defineProperty(this, brand, { value: true });
  }

  /** Recognises a Pixy error, also one from a second installed copy of this package. */
  static isInstance(value: unknown): value is PixyError {
    return value instanceof Error && brand in value;
  }
}

// By name, not by `instanceof`: two copies of this package have two classes.
function isNamed(value: unknown, name: string): boolean {
  return PixyError.isInstance(value) && value.name === name;
}

/** Reports a mistake of the developer, found while options were checked; `option` names the option to change. */
export class ConfigurationError extends PixyError {
  override readonly name: string = "ConfigurationError";
  readonly option: string;

  constructor(
    message: string,
    input: PixyErrorInput & { readonly code: ConfigurationErrorCode | (string & {}); readonly option: string },
  ) {
    super(message, input);
    this.option = input.option;
  }

  static override isInstance(value: unknown): value is ConfigurationError {
    return isNamed(value, "ConfigurationError");
  }
}

/** Says that an option, or a field of a request, is not what it has to be. */
export function invalidOption(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`${option} is not valid.`, { code: "invalid_option", option, hint });
}

/**
 * Reports an authorization response that cannot be used; no token request was made.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 */
export class CallbackError extends PixyError {
  override readonly name: string = "CallbackError";
  /** The provider's error code, only for `authorization_refused`. */
  readonly error?: string | undefined;
  /** The provider's words, made printable and at most 300 characters. */
  readonly errorDescription?: string | undefined;

  constructor(
    message: string,
    input: PixyErrorInput & {
      readonly code: CallbackErrorCode;
      readonly error?: string | undefined;
      readonly errorDescription?: string | undefined;
    },
  ) {
    super(message, input);
    this.error = input.error;
    this.errorDescription = input.errorDescription;
  }

  static override isInstance(value: unknown): value is CallbackError {
    return isNamed(value, "CallbackError");
  }
}

export interface TokenRequestErrorInput extends PixyErrorInput {
  readonly code: TokenRequestErrorCode;
  readonly outcome: TokenRequestOutcome;
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/**
 * Reports a failed request to the token or revocation endpoint.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export class TokenRequestError extends PixyError {
  override readonly name: string = "TokenRequestError";
  declare readonly code: TokenRequestErrorCode;
  readonly outcome: TokenRequestOutcome;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** The provider's error code, e.g. `invalid_grant`, where it sent one. */
  readonly error?: string | undefined;
  /** The provider's words, made printable and at most 300 characters. */
  readonly errorDescription?: string | undefined;
  /** Seconds to wait, where the provider said so. */
  readonly retryAfter?: number | undefined;

  constructor(message: string, input: TokenRequestErrorInput) {
    super(message, input);
    this.outcome = input.outcome;
    this.status = input.status;
    this.error = input.error;
    this.errorDescription = input.errorDescription;
    this.retryAfter = input.retryAfter;
  }

  static override isInstance(value: unknown): value is TokenRequestError {
    return isNamed(value, "TokenRequestError");
  }
}

export interface ReauthRequiredErrorInput {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly kept?: boolean;
}

/** Reports that a login helps, because the refresh token is dead, missing, or refused. */
export class ReauthRequiredError extends PixyError {
  override readonly name: string = "ReauthRequiredError";
  /** Whether the tokens are kept and tried again: a login is offered, and nobody may need it. */
  readonly kept: boolean;

  constructor(message: string, { hint, cause, kept = false }: ReauthRequiredErrorInput = {}) {
    super(message, {
      code: "reauth_required",
      hint: hint ?? "Discard these tokens and send the user through the login again.",
      cause,
    });
    this.kept = kept;
  }

  static override isInstance(value: unknown): value is ReauthRequiredError {
    return isNamed(value, "ReauthRequiredError");
  }
}

/**
 * Reports that a provider's metadata could not be read or not be trusted.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414#section-3.3 RFC 8414 section 3.3}
 */
export class DiscoveryError extends PixyError {
  override readonly name: string = "DiscoveryError";

  constructor(message: string, input: PixyErrorInput & { readonly code: DiscoveryErrorCode }) {
    super(message, input);
  }

  static override isInstance(value: unknown): value is DiscoveryError {
    return isNamed(value, "DiscoveryError");
  }
}

/** Reports a request to an API that must not carry the access token, or a redirect of it that is not followed. */
export class ResourceRequestError extends PixyError {
  override readonly name: string = "ResourceRequestError";

  constructor(message: string, input: PixyErrorInput & { readonly code: ResourceRequestErrorCode }) {
    super(message, input);
  }

  static override isInstance(value: unknown): value is ResourceRequestError {
    return isNamed(value, "ResourceRequestError");
  }
}
