// The adapter

export type {
  ClientAuthentication,
  LoginOptions,
  NewLogin,
  PixyEvent,
  PixyOptions,
  Provider,
  RequestHandle,
  Session,
  SessionStore,
  SignedIn,
} from "@pixy/server";
// What an application needs of the server
export {
  ConfigurationError,
  cookieStore,
  defineProvider,
  memoryStore,
  none,
  PixyError,
  ReauthRequiredError,
  RequestError,
  Scopes,
  secretBasic,
  secretPost,
  spotify,
  spotifyAt,
  TokenRequestError,
} from "@pixy/server";
export { type Guard, type Pixy, pixy } from "./pixy.ts";
