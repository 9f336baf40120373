export type { ClientAuthentication, Provider, ProviderInput, SpotifyScope } from "@pixy/core";
export {
  CallbackError,
  ConfigurationError,
  defineProvider,
  discover,
  none,
  PixyError,
  printable,
  printableError,
  Scopes,
  secretBasic,
  secretPost,
  spotify,
  spotifyAt,
  TokenRequestError,
} from "@pixy/core";
export type { Auth } from "./auth.ts";
// The login of an app
export { createAuth } from "./auth.ts";
export { SessionTooLargeError } from "./chunked-cookie.ts";
export type { CookieStoreOptions } from "./cookie-store.ts";
// Session stores
export { cookieStore } from "./cookie-store.ts";
// The diagnosis
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Finding } from "./diagnosis/finding.ts";
export { perEnvironment } from "./environment.ts";
export type { RequestErrorCode } from "./errors.ts";
// Errors
export { RequestError } from "./errors.ts";
export type { PixyEvent } from "./events.ts";
export { replaceCookies } from "./forwarded-cookies.ts";
export type { GuardOptions, Verdict } from "./guard.ts";
export type { SessionInput } from "./issue-session.ts";
export { issueSession } from "./issue-session.ts";
export type { LoginOptions } from "./login.ts";
export type { MemoryStoreOptions } from "./memory-store.ts";
export { memoryStore } from "./memory-store.ts";
export type { NewLogin } from "./new-login.ts";
export type { PixyOptions } from "./options.ts";
export type { RequestContext, RequestHandle, SignedIn } from "./request-handle.ts";
export type { IncomingRequest } from "./request-kind.ts";
// Requests
export { fromRequest, isNavigation, isPrefetch } from "./request-kind.ts";
export type { RouteName } from "./route.ts";
export type { Session } from "./session.ts";
export type {
  Acquired,
  AcquireOptions,
  CarriedSession,
  CommitResult,
  Intent,
  MaybePromise,
  ReleaseOptions,
  SessionStore,
  StoredSession,
} from "./session-store.ts";
export type { Settings } from "./settings.ts";
