// Codes and state

export { type Codes, generateCodes, generateState, isVerifier } from "./pkce.ts";

// Provider

export type { Claims } from "./claims.ts";
export { type DiscoverOptions, discover, metadataOf } from "./discover.ts";
export { apiOf, isKept, type KeptMembers, keptApi, readKept, restateKept, withApiOf } from "./kept-members.ts";
export type { ExtraParameters } from "./parameters.ts";
export type { ProfilePath, ProfileRule } from "./profile-rule.ts";
export { defineProvider, type FindProvider, type Provider, type ProviderInput, presetProvider } from "./provider.ts";
export type { AnswerReader, ProviderHeaders, ProviderQuirks, RequestParameters } from "./provider-quirks.ts";
export type {
  AttemptAddition,
  AttemptExtra,
  AttemptStart,
  CheckedTokens,
  LogoutStart,
  ProofGrant,
  ProveRequest,
  ProviderRoute,
  ProviderRouteRequest,
  ProviderRouteTools,
  ProviderSteps,
  PushingClient,
  SessionsOf,
  TokenCheck,
} from "./provider-steps.ts";
export { type RefreshTokenEnds, type RefreshTokenRules, reauthDueAt, refreshTokenEnds } from "./refresh-token-rules.ts";
export { type RevocationShape, revocableToken } from "./revocation.ts";

// Client

export {
  basicWithoutSecret,
  type Client,
  type ClientAuthentication,
  type ClientInput,
  createClient,
  type FindClient,
  type FoundClientInput,
  none,
  type RequestTarget,
  registeredClient,
  secretBasic,
  secretPost,
} from "./client.ts";

// Login and callback

export { type Callback, readCallback, readState } from "./callback.ts";
export { buildLoginUri, type LoginUriRequest } from "./login-uri.ts";
export { pushedLoginUri } from "./pushed-login.ts";

// Token requests

export {
  type CodeExchangeOptions,
  exchangeCode,
  type RefreshOptions,
  type RevocationOptions,
  refreshTokens,
  requestClientCredentials,
  revokeToken,
  type TokenRequestOptions,
} from "./oauth-client.ts";
export {
  buildClientCredentialsRequest,
  buildCodeRequest,
  buildRefreshRequest,
  buildRevocationRequest,
  type RevocationRequest,
  type TokenRequest,
} from "./token-request.ts";
export { readTokenResponse, type TokenContext } from "./token-response.ts";

// Device grant

export {
  buildDeviceAuthorizationRequest,
  buildDeviceTokenRequest,
  type DeviceAuthorization,
  type DeviceAuthorizationOptions,
  type DevicePoll,
  pollDevice,
  readDeviceAuthorizationResponse,
  readDeviceTokenResponse,
  requestDeviceAuthorization,
} from "./device.ts";

// Tokens

export { createTokens, expiresAt, expiresWithin, fingerprint, isExpired, type Tokens } from "./tokens.ts";

// Refusals and lost answers

export {
  countFailure,
  type FailedRefresh,
  nextRefreshAt,
  type PauseLimits,
  type RefreshFailures,
} from "./refresh-schedule.ts";
export {
  type AnswerRule,
  outcomeOf,
  type TokenAnswer,
  type TokenRequestKind,
  type TokenRequestOutcome,
} from "./refusals.ts";

// Authenticators

export {
  type Authenticator,
  clientCredentialsAuthenticator,
  pkceAuthenticator,
  staticAuthenticator,
} from "./authenticator.ts";
export { type AuthenticatorOptions, type RenewalOptions, refreshAhead } from "./renewal.ts";

// Requests to an API

export { type AuthenticatedFetch, type AuthenticatedFetchOptions, authenticatedFetch } from "./authenticated-fetch.ts";
export { type ProviderFetchOptions, providerFetch } from "./provider-fetch.ts";
export { type Challenge, parseWwwAuthenticate } from "./www-authenticate.ts";

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
  type ReauthRequiredErrorInput,
  ResourceRequestError,
  type ResourceRequestErrorCode,
  TokenRequestError,
  type TokenRequestErrorCode,
  type TokenRequestErrorInput,
} from "./errors.ts";

// Checks of options

export { checkFunctions, checkMembers, type Members } from "./members.ts";

// Answers

export { readText } from "./response-body.ts";
export { readRetryAfter } from "./retry-after.ts";

// Text for a log

export { printable, printableError } from "./printable.ts";
