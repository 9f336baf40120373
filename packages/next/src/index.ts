// The login

// What options, handles and errors are made of
export {
  ConfigurationError,
  defineProvider,
  type GuardOptions,
  type IncomingRequest,
  type LoginOptions,
  memoryStore,
  type NewLogin,
  none,
  PixyError,
  type PixyEvent,
  type PixyOptions,
  type RecordStore,
  RequestError,
  type RequestHandle,
  Scopes,
  type Session,
  type SignedIn,
  secretBasic,
  secretPost,
  spotify,
  spotifyAt,
} from "@pixy/server";
export { type Pixy, pixy } from "./pixy.ts";
export type { PixyProxy } from "./proxy.ts";
export type { GuardedHandler, RouteOptions } from "./route.ts";
