import { getRequestListener } from "@hono/node-server";
import {
  AuthorizationServer,
  type OAuthClient,
  type OAuthRequest,
  type OAuthResponse,
  type OAuthScope,
} from "@jmondi/oauth2-server";
import { handleVanillaError, requestFromVanilla, responseToVanilla } from "@jmondi/oauth2-server/vanilla";
import { defineProvider } from "@pixy/server";
import { Hono } from "hono";
import type { Death, ForeignServer } from "../foreign-server.ts";
import { serveOnLoopback } from "../loopback.ts";
import { versionOf } from "../version.ts";
import { consentPage, throughConsentPage } from "./consent-page.ts";
import { codeStore, never, tokenStore } from "./jmondi-store.ts";

const scopes: OAuthScope[] = [{ name: "profile" }];

const refused: Death = { answer: "400 invalid_request", meaning: "refused but kept" };

/** A library whose host keeps the tokens and shows the pages. It calls a dead refresh token `invalid_request`. */
export const jmondi: ForeignServer = {
  name: "@jmondi/oauth2-server",
  version: versionOf("@jmondi/oauth2-server"),
  absent: {
    discovery: {
      says: "The following RFCs are implemented:",
      where: "@jmondi/oauth2-server/README.md",
      never: /8414|well-known|discovery/i,
    },
  },
  reuse: { ...refused, endsGrant: false },
  denied: "server",
  misdirected: "server",
  deaths: { revoked: refused, expired: refused },
  revoked: "400 invalid_request",

  async start(redirectUri) {
    const client: OAuthClient = {
      ...{ id: "client-of-the-app", name: "The app", redirectUris: [redirectUri], scopes },
      allowedGrants: ["authorization_code", "refresh_token"],
    };
    const tokens = tokenStore(client);
    const oauth = new AuthorizationServer(
      { getByIdentifier: async () => client, isClientValid: async () => true },
      tokens,
      {
        getAllByIdentifiers: async (names) => scopes.filter(({ name }) => names.includes(name)),
        finalize: async (granted) => granted,
      },
      "a key for a test",
    );
    oauth.enableGrantTypes("refresh_token", {
      grant: "authorization_code",
      userRepository: { getUserByCredentials: async (id) => ({ id }) },
      authCodeRepository: codeStore(client),
    });

    const endpoint = (answer: (request: OAuthRequest) => Promise<OAuthResponse | Response>) => {
      return async ({ req }: { readonly req: { readonly raw: Request } }): Promise<Response> => {
        try {
          const response = await answer(await requestFromVanilla(req.raw));
          return response instanceof Response ? response : responseToVanilla(response);
        } catch (error) {
          return responseToVanilla(handleVanillaError(error));
        }
      };
    };
    const app = new Hono();
    app.get(
      "/authorize",
      endpoint(async (asked) => {
        const { client } = await oauth.validateAuthorizationRequest(asked);
        return new Response(consentPage(client.id), { headers: { "content-type": "text/html" } });
      }),
    );
    app.post(
      "/authorize",
      endpoint(async (asked) => {
        const request = await oauth.validateAuthorizationRequest(asked);
        request.user = { id: asked.body.person };
        request.isAuthorizationApproved = asked.body.decision === "allow";
        return oauth.completeAuthorizationRequest(request);
      }),
    );
    app.post(
      "/token",
      endpoint((asked) => oauth.respondToAccessTokenRequest(asked)),
    );
    app.post(
      "/token/revoke",
      endpoint((asked) => oauth.revoke(asked)),
    );
    app.get("/me", (c) => {
      const [, payload = ""] = (c.req.header("authorization") ?? "").split(".");
      const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { jti: string };
      const token = tokens.find(({ accessToken }) => accessToken === jti);
      return token.accessTokenExpiresAt > new Date() ? c.json({ sub: token.user?.id }) : c.body(null, 401);
    });

    const server = await serveOnLoopback(() => getRequestListener(app.fetch));
    const { url } = server;
    return {
      ...{ url, clientId: client.id, scope: ["profile"], profile: "/me", person: "ada" },
      provider: defineProvider({
        ...{ name: "jmondi", issuer: url, api: url, allowInsecureLoopback: true },
        authorizationEndpoint: `${url}/authorize`,
        tokenEndpoint: `${url}/token`,
        revocationEndpoint: `${url}/token/revoke`,
        refreshTokens: { rotation: "rotating", retryUnknown: false },
      }),
      tokenRequests: () => server.requests("/token"),
      visit: throughConsentPage,
      deaths: {
        async revoked(logIn) {
          await logIn();
          for (const token of tokens.all) token.refreshTokenExpiresAt = never;
        },
        async expired(logIn) {
          tokens.refreshTokenLifetime = -2_000;
          await logIn();
          tokens.refreshTokenLifetime = 86_400_000;
        },
      },
      close: server.close,
    };
  },
};
