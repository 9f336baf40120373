// The adapter

export type {
  ClientAuthentication,
  ConnectingOptions,
  ConnectRequest,
  FullProfile,
  GuardOptions,
  IncomingRequest,
  Json,
  JsonOf,
  LoginOptions,
  LoginProvider,
  NewLogin,
  OwnerSessions,
  PixyEvent,
  PixyOptions,
  Profile,
  Provider,
  ProviderChoice,
  RecordStore,
  RequestErrorCode,
  RequestHandle,
  Session,
  SessionOf,
  SignedIn,
} from "@pixy/server";
// What an application needs of the server
export {
  ConfigurationError,
  defineProvider,
  discover,
  memoryStore,
  none,
  PixyError,
  RequestError,
  SessionTooLargeError,
  secretBasic,
  secretPost,
} from "@pixy/server";
export type { PageOptions } from "./page.ts";
export { type Pixy, pixy } from "./pixy.ts";
export type { PixyProxy } from "./proxy.ts";
export type { GuardedHandler, RouteOptions } from "./route.ts";
