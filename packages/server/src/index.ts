// Core: the provider, the client and what goes wrong there
export {
  CallbackError,
  type ClientAuthentication,
  ConfigurationError,
  defineProvider,
  discover,
  type FindProvider,
  none,
  PixyError,
  type Provider,
  type ProviderInput,
  printable,
  printableError,
  secretBasic,
  secretPost,
  TokenRequestError,
} from "@pixy/core";
// Grants: where sessions can live
export {
  type Acquired,
  type AcquireOptions,
  type CommitResult,
  type Intent,
  type MaybePromise,
  type MemoryStoreOptions,
  memoryStore,
  type RecordStore,
  type ReleaseOptions,
  SessionTooLargeError,
  type StoredRecord,
} from "@pixy/grants";
// The login of an app
export { type Auth, createAuth } from "./auth.ts";
// What is wrong with it
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Finding } from "./diagnosis/finding.ts";
export { perEnvironment } from "./environment.ts";
// Errors of a request
export { RequestError, type RequestErrorCode } from "./errors.ts";
// Logins
export type { LoginOptions } from "./login/login-options.ts";
// Connecting accounts of the app's own users
export type { ConnectRequest } from "./request/connect-route.ts";
// Requests
export { checkGuardOptions, type GuardOptions, type Verdict } from "./request/guard.ts";
export { type OwnerSessions, ownerSessionsOf } from "./request/owner-sessions.ts";
export type { RequestContext, RequestHandle, SessionOf, SignedIn } from "./request/request-handle.ts";
export type { RouteName } from "./request/route.ts";
// Sessions
export { issueSession, type SessionInput } from "./session/issue-session.ts";
export type { Session } from "./session/session.ts";
// Options, and what follows from them
export type { PixyEvent } from "./settings/events.ts";
export type { Json, JsonOf } from "./settings/json.ts";
export type { LoginHandler, NewLogin } from "./settings/login-handler.ts";
export type {
  AccountOf,
  ChooseHandler,
  ConnectingOptions,
  OptionsFor as PixyOptions,
  OwnerOf,
  OwnerOfLogin,
  ProviderChoice,
  ProviderKey,
  WayOptions as LoginProvider,
} from "./settings/options.ts";
export type { FullProfile, Profile } from "./settings/profile.ts";
export type { RefusedLogin } from "./settings/refused-login.ts";
export type { PublicSettings as Settings } from "./settings/settings.ts";
// For adapters: the framework's request and response
export { type AnswerHeaders, addHeaders, type HeaderLine, privateLines } from "./web/answer-headers.ts";
export { replaceCookies } from "./web/forwarded-cookies.ts";
export { fromRequest, type IncomingRequest, isNavigation, isPrefetch, readFormOf } from "./web/incoming-request.ts";
export { type NodeResponse, outgoingHeaders, sentCacheControl } from "./web/outgoing-headers.ts";
export { readForm } from "./web/read-form.ts";
export type { ReturnPath } from "./web/return-path.ts";
