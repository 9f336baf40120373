import { getRequestListener } from "@hono/node-server";
import OAuth2Server from "@node-oauth/oauth2-server";
import { defineProvider } from "@pixy/server";
import { type Context, Hono } from "hono";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { serveOnLoopback } from "../loopback.ts";
import { versionOf } from "../version.ts";
import { consentPage, throughConsentPage } from "./consent-page.ts";

const readme = {
  says:
    "- Fully [RFC 6749](https://tools.ietf.org/html/rfc6749.html) and " +
    "[RFC 6750](https://tools.ietf.org/html/rfc6750.html) compliant.",
  where: "@node-oauth/oauth2-server/README.md",
};

type Client = OAuth2Server.Client;
type Token = OAuth2Server.Token & { refreshTokenExpiresAt?: Date };

/** A library whose host keeps the tokens and shows the pages. It knows authorize, token and authenticate, no more. */
export const nodeOauth: ForeignServer = {
  name: "@node-oauth/oauth2-server",
  version: versionOf("@node-oauth/oauth2-server"),
  absent: {
    revocation: { ...readme, never: /7009|revo(cation|ke)/i },
    discovery: { ...readme, never: /8414|well-known|discovery/i },
  },
  reuse: { ...invalidGrant, endsGrant: false },
  denied: "app",
  misdirected: "server",
  deaths: { revoked: invalidGrant, expired: invalidGrant },

  async start(redirectUri) {
    const client: Client = {
      ...{ id: "client-of-the-app", redirectUris: [redirectUri], grants: ["authorization_code", "refresh_token"] },
    };
    const codes = new Map<string, OAuth2Server.AuthorizationCode>();
    const tokens = new Map<string, Token>();
    const byRefreshToken = new Map<string, Token>();
    const model: OAuth2Server.AuthorizationCodeModel & OAuth2Server.RefreshTokenModel = {
      getClient: async (id) => (id === client.id ? client : null),
      async saveAuthorizationCode(code, _client, user) {
        const saved = { ...code, client, user };
        codes.set(code.authorizationCode, saved);
        return saved;
      },
      getAuthorizationCode: async (code) => codes.get(code),
      revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
      async saveToken(token, _client, user) {
        const saved = { ...token, client, user };
        tokens.set(token.accessToken, saved);
        if (token.refreshToken !== undefined) byRefreshToken.set(token.refreshToken, saved);
        return saved;
      },
      getAccessToken: async (token) => tokens.get(token),
      getRefreshToken: async (token) => byRefreshToken.get(token) as OAuth2Server.RefreshToken | undefined,
      revokeToken: async ({ refreshToken }) => byRefreshToken.delete(refreshToken),
    };
    const oauth = new OAuth2Server({
      model,
      requireClientAuthentication: { authorization_code: false, refresh_token: false },
    });

    type Act = (request: OAuth2Server.Request, response: OAuth2Server.Response) => Promise<unknown>;
    async function answer(c: Context, act: Act): Promise<Response> {
      const body = c.req.method === "POST" ? await c.req.parseBody() : {};
      const { method } = c.req;
      const request = new OAuth2Server.Request({ method, headers: c.req.header(), query: c.req.query(), body });
      const response = new OAuth2Server.Response();
      try {
        await act(request, response);
      } catch (error) {
        // Where the error goes to the app, the library has filled in the redirect by now.
        const { code, name, message } = error as OAuth2Server.OAuthError;
        if (response.get("location") === undefined) {
          return c.json({ error: name, error_description: message }, { status: code as 400 });
        }
      }
      return Response.json(response.body, { status: response.status ?? 200, headers: response.headers ?? {} });
    }

    const authenticateHandler = { handle: async ({ body }: OAuth2Server.Request) => ({ id: body.person }) };
    const app = new Hono();
    app.get("/authorize", (c) => c.html(consentPage(client.id)));
    app.post("/authorize", (c) =>
      answer(c, (request, response) => {
        request.body.allowed = String(request.body.decision === "allow");
        return oauth.authorize(request, response, { authenticateHandler });
      }),
    );
    app.post("/token", (c) => answer(c, (request, response) => oauth.token(request, response)));
    app.get("/me", (c) =>
      answer(c, async (request, response) => {
        const { user } = await oauth.authenticate(request, response);
        response.body = { sub: user.id };
      }),
    );

    const server = await serveOnLoopback(() => getRequestListener(app.fetch));
    const { url } = server;
    return {
      ...{ url, clientId: client.id, scope: ["profile"], profile: "/me", person: "ada" },
      provider: defineProvider({
        ...{ name: "node-oauth", issuer: url, api: url, allowInsecureLoopback: true },
        authorizationEndpoint: `${url}/authorize`,
        tokenEndpoint: `${url}/token`,
        refreshTokens: { rotation: "rotating", retryUnknown: false },
      }),
      tokenRequests: () => server.requests("/token"),
      visit: throughConsentPage,
      deaths: {
        async revoked(logIn) {
          await logIn();
          byRefreshToken.clear();
        },
        async expired(logIn) {
          await logIn();
          for (const token of byRefreshToken.values()) token.refreshTokenExpiresAt = new Date(0);
        },
      },
      close: server.close,
    };
  },
};
