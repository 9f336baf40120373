// Codes

export { type AuthenticatedFetch, type AuthenticatedFetchOptions, authenticatedFetch } from "./authenticated-fetch.ts";
// Authenticators
export {
  type Authenticator,
  type AuthenticatorOptions,
  clientCredentialsAuthenticator,
  pkceAuthenticator,
  type RenewalOptions,
  refreshAhead,
  staticAuthenticator,
} from "./authenticator.ts";
export { type Callback, readCallback, readState } from "./callback.ts";
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
export { type DiscoverOptions, discover } from "./discover.ts";
// Errors
export {
  CallbackError,
  type CallbackErrorCode,
  ConfigurationError,
  type ConfigurationErrorCode,
  DiscoveryError,
  type DiscoveryErrorCode,
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
// Login and callback
export { buildLoginUri, type LoginUriRequest } from "./login-uri.ts";
// Token requests
export {
  exchangeCode,
  refreshTokens,
  requestClientCredentials,
  revokeToken,
  type TokenRequestOptions,
} from "./oauth-client.ts";
export { type Codes, generateCodes, generateState, isVerifier } from "./pkce.ts";
// Provider
export { defineProvider, type Provider, type ProviderInput, type RefreshTokenRules } from "./provider.ts";
export { Scopes, type SpotifyScope, spotify, spotifyAt } from "./providers/spotify.ts";
export { type SdkAccessToken, type SdkStrategy, sdkStrategy } from "./spotify-sdk.ts";
export {
  buildClientCredentialsRequest,
  buildCodeRequest,
  buildRefreshRequest,
  buildRevocationRequest,
  type TokenRequest,
} from "./token-request.ts";
export { readTokenResponse, type TokenContext } from "./token-response.ts";
// Tokens
export { createTokens, expiresAt, expiresWithin, fingerprint, isExpired, type Tokens } from "./tokens.ts";
export { type Challenge, parseWwwAuthenticate } from "./www-authenticate.ts";
