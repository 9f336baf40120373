// Codes

// Client
export {
  type Client,
  type ClientAuthentication,
  type ClientInput,
  createClient,
  none,
  secretBasic,
  secretPost,
} from "./client.ts";
// Errors
export {
  CallbackError,
  type CallbackErrorCode,
  ConfigurationError,
  type ConfigurationErrorCode,
  PixyError,
  type PixyErrorCode,
  type PixyErrorInput,
  type ReauthErrorCode,
  ReauthRequiredError,
  ResourceRequestError,
  type ResourceRequestErrorCode,
  TokenRequestError,
  type TokenRequestErrorCode,
  type TokenRequestErrorInput,
  type TokenRequestOutcome,
} from "./errors.ts";
export { type Codes, generateCodes, generateState, isVerifier } from "./pkce.ts";
// Provider
export { defineProvider, type Provider, type ProviderInput, type RefreshTokenRules } from "./provider.ts";
export { Scopes, type SpotifyScope, spotify, spotifyAt } from "./providers/spotify.ts";
// Tokens
export { createTokens, expiresAt, expiresWithin, fingerprint, isExpired, type Tokens } from "./tokens.ts";
