import { randomBytes } from "node:crypto";

/** The same task written with each library, as its own documentation shows it: what a bundler makes of it is compared. */
export const tasks: Readonly<Record<"ours" | "peers", Readonly<Record<string, string>>>> = {
  ours: {
    "@pixy/core, codes alone": 'export { generateCodes } from "@pixy/core";',
    "@pixy/core, the task":
      'export { buildLoginUri, exchangeCode, generateCodes, generateState, refreshTokens } from "@pixy/core";',
    "@pixy/core, the task with client, callback and the Spotify preset":
      'export { buildLoginUri, createClient, exchangeCode, generateCodes, generateState, none, readCallback, refreshTokens } from "@pixy/core"; export { spotify } from "@pixy/providers/spotify";',
    "@pixy/express, everything":
      'export { pixy } from "@pixy/express"; export { spotify } from "@pixy/providers/spotify";',
    "@pixy/hono, everything": 'export { pixy } from "@pixy/hono"; export { spotify } from "@pixy/providers/spotify";',
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

// Our packages refuse a secret that looks like a sample.
export const secret: string = randomBytes(32).toString("base64url");
const route = 'app.get("/me", (c) => c.json({ ok: true })); export default app;';
export const baseUrl = "http://127.0.0.1:3000";
const pixyWorker = `
import { pixy } from "@pixy/hono";
import { spotify } from "@pixy/providers/spotify";
import { Hono } from "hono";
const app = new Hono();
const auth = pixy({ provider: spotify, clientId: "c", baseUrl: "${baseUrl}", secret: "${secret}" });
app.route("/auth", auth.routes());
app.use(auth.middleware());`;

/** Workers as they are deployed, the framework included. */
export const workers: Readonly<Record<string, string>> = {
  "Hono alone": `import { Hono } from "hono"; const app = new Hono(); ${route}`,
  "Hono and @pixy/hono": `${pixyWorker} ${route}`,
  "Hono and @hono/oidc-auth": `import { oidcAuthMiddleware, processOAuthCallback } from "@hono/oidc-auth"; import { Hono } from "hono"; const app = new Hono(); app.get("/callback", processOAuthCallback); app.use(oidcAuthMiddleware()); ${route}`,
  "Hono and @hono/session": `import { useSession } from "@hono/session"; import { Hono } from "hono"; const app = new Hono(); app.use(useSession({ secret: "${secret.slice(0, 32)}" })); ${route}`,
};

/** Workers whose `/me` answers somebody who is signed in, by the session in the cookie; nobody else. */
export const signedInWorkers: Readonly<Record<"pixy" | "oidcAuth", string>> = {
  pixy: `${pixyWorker} app.get("/me", auth.requireLogin(), (c) => c.json({ ok: true })); export default app;`,
  oidcAuth: `import { getAuth, initOidcAuthMiddleware } from "@hono/oidc-auth"; import { Hono } from "hono"; const app = new Hono();
app.use(initOidcAuthMiddleware({ OIDC_AUTH_SECRET: "${secret}", OIDC_ISSUER: "https://provider.example", OIDC_CLIENT_ID: "c", OIDC_CLIENT_SECRET: "s", OIDC_REDIRECT_URI: "${baseUrl}/callback" }));
app.get("/me", async (c) => (await getAuth(c)) === null ? c.body(null, 401) : c.json({ ok: true })); export default app;`,
};
