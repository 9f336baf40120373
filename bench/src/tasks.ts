/** The same task written with each library, as its own documentation shows it: what a bundler makes of it is compared. */
export const tasks: Readonly<Record<"ours" | "peers", Readonly<Record<string, string>>>> = {
  ours: {
    "@pixy/core, codes alone": 'export { generateCodes } from "@pixy/core";',
    "@pixy/core, the task":
      'export { buildLoginUri, exchangeCode, generateCodes, generateState, refreshTokens } from "@pixy/core";',
    "@pixy/core, the task with client, callback and the Spotify preset":
      'export { buildLoginUri, createClient, exchangeCode, generateCodes, generateState, none, readCallback, refreshTokens, spotify } from "@pixy/core";',
    "@pixy/express, everything": 'export { pixy, spotify } from "@pixy/express";',
    "@pixy/hono, everything": 'export { pixy, spotify } from "@pixy/hono";',
  },
  peers: {
    "pkce-challenge, codes alone": 'export { default } from "pkce-challenge";',
    "arctic, the task (Spotify)": 'export { generateCodeVerifier, generateState, Spotify } from "arctic";',
    "@badgateway/oauth2-client, the task":
      'export { generateCodeVerifier, OAuth2Client } from "@badgateway/oauth2-client";',
    "oauth4webapi, the task":
      'export { authorizationCodeGrantRequest, calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState, None, processAuthorizationCodeResponse, processRefreshTokenResponse, refreshTokenGrantRequest, validateAuthResponse } from "oauth4webapi";',
    "openid-client, the task":
      'export { authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, Configuration, None, randomPKCECodeVerifier, randomState, refreshTokenGrant } from "openid-client";',
  },
};
