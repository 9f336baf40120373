import { discover } from "@pixy/server";
import { Provider } from "oidc-provider";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { formOf } from "../form.ts";
import { serveOnLoopback } from "../loopback.ts";
import { versionOf } from "../version.ts";

const clientId = "client-of-the-app";

/** OpenID Connect with everything on: rotation with reuse detection, revocation, `iss`, metadata, its own pages. */
export const oidcProvider: ForeignServer = {
  name: "oidc-provider",
  version: versionOf("oidc-provider"),
  absent: {},
  reuse: { ...invalidGrant, endsGrant: true },
  denied: "app",
  misdirected: "server",
  deaths: { revoked: invalidGrant },
  revoked: "400 invalid_grant",

  async start(redirectUri) {
    let provider: Provider | undefined;
    const server = await serveOnLoopback((url) => {
      provider = new Provider(url, {
        clients: [
          {
            client_id: clientId,
            token_endpoint_auth_method: "none",
            application_type: "native",
            grant_types: ["authorization_code", "refresh_token"],
            response_types: ["code"],
            redirect_uris: [redirectUri],
          },
        ],
        pkce: { required: () => true },
        rotateRefreshToken: true,
        issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
        features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
        ttl: { AccessToken: 3600, Grant: 86_400, IdToken: 3600, Interaction: 600, RefreshToken: 86_400, Session: 600 },
        cookies: { keys: ["a key for a test"] },
        findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
      });
      return provider.callback();
    });
    const find = (issuer: string) =>
      discover(issuer, {
        openid: true,
        allowInsecureLoopback: true,
        provider: { api: server.url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
      });
    const grants: string[] = [];
    provider?.on("grant.success", (context) => grants.push(context.oidc.entities.Grant?.jti ?? ""));
    return {
      ...{ url: server.url, clientId, scope: ["openid"], profile: "/me", person: "ada" },
      provider: await find(server.url),
      discover: find,
      tokenRequests: () => server.requests("/token"),
      async visit(browser, address, decision) {
        let page = await browser.navigate(address);
        for (let form = formOf(page); form?.fields.prompt !== undefined; form = formOf(page)) {
          const [, abort] = /<a href="([^"]+\/abort)"/.exec(page.body) ?? [];
          if (decision === "deny" && abort !== undefined) page = await browser.navigate(abort, { from: "link" });
          else page = await browser.submit(form.action, { ...form.fields, login: "ada", password: "any" });
        }
        return page;
      },
      deaths: {
        async revoked(logIn) {
          await logIn();
          const grant = await provider?.Grant.find(grants.at(-1) ?? "");
          await grant?.destroy();
        },
      },
      close: server.close,
    };
  },
};
