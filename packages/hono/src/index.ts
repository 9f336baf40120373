// The login

// What options, handles and errors are made of
export {
  ConfigurationError,
  cookieStore,
  defineProvider,
  type IncomingRequest,
  memoryStore,
  type NewLogin,
  none,
  PixyError,
  type PixyEvent,
  type PixyOptions,
  type RequestHandle,
  Scopes,
  type Session,
  type SessionStore,
  type SignedIn,
  secretBasic,
  secretPost,
  spotify,
  spotifyAt,
} from "@pixy/server";
export { type AuthEnv, type Pixy, pixy, type SignedInEnv } from "./pixy.ts";
