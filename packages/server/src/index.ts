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
export { SessionTooLargeError } from "@pixy/grants";
export type { CookieStoreOptions } from "./session/cookie-store.ts";
// Session stores
export { cookieStore } from "./session/cookie-store.ts";
// The diagnosis
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Finding } from "./diagnosis/finding.ts";
export { perEnvironment } from "./environment.ts";
export type { RequestErrorCode } from "./errors.ts";
// Errors
export { RequestError } from "./errors.ts";
export type { PixyEvent } from "./settings/events.ts";
export { replaceCookies } from "./web/forwarded-cookies.ts";
export type { GuardOptions, Verdict } from "./request/guard.ts";
export type { SessionInput } from "./session/issue-session.ts";
export { issueSession } from "./session/issue-session.ts";
export type { LoginOptions } from "./login/start-login.ts";
export type { MemoryStoreOptions } from "@pixy/grants";
export { memoryStore } from "@pixy/grants";
export type { NewLogin } from "./settings/login-handler.ts";
export type { PixyOptions } from "./settings/options.ts";
export type { RequestContext, RequestHandle, SignedIn } from "./request/request-handle.ts";
export type { IncomingRequest } from "./web/incoming-request.ts";
// Requests
export { fromRequest, isNavigation, isPrefetch } from "./web/incoming-request.ts";
export type { RouteName } from "./request/route.ts";
export type { Session } from "./session/session.ts";
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
} from "@pixy/grants";
export type { Settings } from "./settings/settings.ts";
