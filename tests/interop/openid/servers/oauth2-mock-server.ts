import { OAuth2Server } from "oauth2-mock-server";
import { versionOf } from "../../version.ts";
import type { OpenIdServer } from "../describe-openid.ts";

/** A server for tests, without a login of its own: who comes is johndoe. */
export const openIdMockServer: OpenIdServer = {
  name: "oauth2-mock-server",
  version: versionOf("oauth2-mock-server"),
  algorithm: "RS256",
  hasAccessTokenHash: false,
  absent: {
    ...{ iss: "not announced", "back-channel": "not announced", PAR: "not announced", DPoP: "not announced" },
    ...{ private_key_jwt: "not announced", form_post: "not announced" },
    resource: {
      says: "discovery, JWKS, authorization code flow with PKCE, userinfo, token introspection, revocation, and end session.",
      where: "oauth2-mock-server/README.md",
      never: /8707|resource indicator/i,
    },
  },
  async start() {
    const server = new OAuth2Server();
    await server.issuer.keys.generate("RS256");
    await server.start(0, "127.0.0.1");
    return {
      ...{ issuer: server.issuer.url ?? "", clientId: "client-of-the-app", userinfo: "/userinfo", person: "johndoe" },
      visit: (browser, url) => browser.navigate(url),
      close: () => server.stop(),
    };
  },
};
