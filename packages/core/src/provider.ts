import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError } from "./errors.ts";

/** How a provider treats refresh tokens. */
export interface RefreshTokenRules {
  /** `rotating`: each refresh replaces the token. `reusable`: it stays. `either`: the answer decides. */
  readonly rotation: "rotating" | "reusable" | "either";
  /** Seconds from the authorization, not extended by a refresh; absent when the provider names none. */
  readonly lifetime?: number;
  /** Whether a refresh with unknown outcome may be sent once more; false where reuse revokes the whole login. */
  readonly retryUnknown: boolean;
}

/** A checked, frozen description of an authorization server (cf. RFC 8414). */
export interface Provider {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  /** The base of relative URLs given to an authenticated fetch; its origin is the one that gets tokens. */
  readonly api?: string;
  readonly refreshTokens: RefreshTokenRules;
  /** `required`: a callback without `iss` is refused. `checked`: `iss` is compared when present. RFC 9207. */
  readonly issuerInCallback: "required" | "checked";
  /** Allows http endpoints on 127.0.0.1, [::1] and localhost; for test providers. */
  readonly allowInsecureLoopback: boolean;
  /** The provider's own rule for redirect URIs; throws `ConfigurationError`. */
  readonly checkRedirectUri?: (redirectUri: string) => void;
}

export interface ProviderInput {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string | undefined;
  readonly api?: string | undefined;
  /** Default: rotation `either`, no lifetime, retryUnknown true. */
  readonly refreshTokens?: Partial<RefreshTokenRules> | undefined;
  /** Default `checked`. */
  readonly issuerInCallback?: "required" | "checked" | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  readonly checkRedirectUri?: ((redirectUri: string) => void) | undefined;
}

/** Checks and freezes a provider that supports PKCE with S256; throws `ConfigurationError` naming the option. */
export function defineProvider(input: ProviderInput): Provider {
  const { name, issuer, revocationEndpoint, api, checkRedirectUri, allowInsecureLoopback = false } = input;
  if (!name) throw invalid("name", "Give the provider a short name; it appears in errors and events.");
  if (parseEndpoint("issuer", issuer, allowInsecureLoopback).search) {
    throw invalid("issuer", "An issuer has no query, RFC 8414 section 2.");
  }
  parseEndpoint("authorizationEndpoint", input.authorizationEndpoint, allowInsecureLoopback);
  parseEndpoint("tokenEndpoint", input.tokenEndpoint, allowInsecureLoopback);
  if (revocationEndpoint) parseEndpoint("revocationEndpoint", revocationEndpoint, allowInsecureLoopback);
  if (api) parseEndpoint("api", api, allowInsecureLoopback);
  const refreshTokens: RefreshTokenRules = { rotation: "either", retryUnknown: true, ...input.refreshTokens };
  if (!["rotating", "reusable", "either"].includes(refreshTokens.rotation)) {
    throw invalid("refreshTokens.rotation", 'Give "rotating", "reusable" or "either".');
  }
  if (refreshTokens.lifetime !== undefined && !(refreshTokens.lifetime > 0)) {
    throw invalid("refreshTokens.lifetime", "Give a positive number of seconds, or leave it out.");
  }
  return Object.freeze({
    name,
    issuer,
    authorizationEndpoint: input.authorizationEndpoint,
    tokenEndpoint: input.tokenEndpoint,
    ...(revocationEndpoint ? { revocationEndpoint } : {}),
    ...(api ? { api } : {}),
    refreshTokens: Object.freeze(refreshTokens),
    issuerInCallback: input.issuerInCallback ?? "checked",
    allowInsecureLoopback,
    ...(checkRedirectUri ? { checkRedirectUri } : {}),
  });
}

function invalid(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The provider's ${option} is not valid.`, { code: "invalid_option", option, hint });
}
