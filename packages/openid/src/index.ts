// A provider of OpenID Connect

export type { Algorithm } from "./algorithms.ts";
export { openid } from "./openid.ts";
export type { OpenIdOptions } from "./options.ts";

// What a login and a logout ask for

export { type LoginWishes, loginParameters } from "./login-parameters.ts";
export type { LogoutOptions } from "./logout.ts";

// How the client proves itself

export {
  type ClientAssertionOptions,
  insecureClientSecretJwt,
  type PrivateKey,
  privateKeyJwt,
} from "./client-assertion.ts";

// Who it is

export type { IdTokenClaims } from "./claims.ts";

// Errors

export { IdTokenError, type IdTokenErrorCode } from "./id-token-error.ts";
