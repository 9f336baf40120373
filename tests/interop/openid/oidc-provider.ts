import type { Page, UserAgent } from "@pixy/testing";
import { type ClientMetadata, type Configuration, Provider } from "oidc-provider";
import { baseUrl, redirectUri } from "../app.ts";
import { formOf } from "../form.ts";
import { serveOnLoopback } from "../loopback.ts";
import { createOpenIdApp, type OpenIdApp, type OpenIdAppOptions } from "./app.ts";

/** One way to set up `oidc-provider`, and what the app says of it. */
export interface Variant extends Partial<Omit<OpenIdAppOptions, "issuer" | "clientId" | "userinfo">> {
  readonly configuration?: Configuration;
  readonly client?: Partial<ClientMetadata>;
}

export interface OpenIdInterop extends OpenIdApp {
  readonly url: string;
  /** Opens a page of the app, and goes through the server's own as this person. */
  visit(browser: UserAgent, path: string, person?: string): Promise<Page>;
  close(): Promise<void>;
}

export const clientId = "client-of-the-app";

/** Starts `oidc-provider` on a free port, and an app of ours with `@pixy/openid` in front of it. */
export async function startOidcProvider(variant: Variant = {}): Promise<OpenIdInterop> {
  const { configuration, client, ...options } = variant;
  let app: OpenIdApp | null = null;
  const server = await serveOnLoopback((url) => {
    const provider = new Provider(url, {
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: "none",
          application_type: "native",
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          redirect_uris: [redirectUri],
          post_logout_redirect_uris: [`${baseUrl}/goodbye`],
          ...client,
        },
      ],
      pkce: { required: () => true },
      rotateRefreshToken: true,
      issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
      ttl: {
        ...{ AccessToken: 3600, Grant: 86_400, IdToken: 86_400, Interaction: 600, RefreshToken: 86_400, Session: 600 },
        PushedAuthorizationRequest: 60,
      },
      cookies: { keys: ["a key for a test"] },
      // It may end sessions at the app, which listens nowhere.
      fetch: async (input, init) => {
        const request = new Request(input, init as RequestInit);
        return app !== null && request.url.startsWith(baseUrl) ? app.fetch(request) : fetch(request);
      },
      conformIdTokenClaims: false,
      claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
      findAccount: async (_context, id) => ({
        accountId: id,
        claims: async () => ({
          sub: id,
          name: `${id} of oidc-provider`,
          email: `${id}@tenant.example`,
          email_verified: true,
        }),
      }),
      ...configuration,
      features: {
        devInteractions: { enabled: true },
        revocation: { enabled: true },
        ...configuration?.features,
      },
    });
    provider.on("server_error", (_context, error) => console.error(error));
    return provider.callback();
  });
  app = createOpenIdApp({ ...{ issuer: server.url, clientId, userinfo: "/me" }, ...options });
  return {
    ...app,
    url: server.url,
    async visit(browser, path, person = "ada") {
      return throughForms(browser, await browser.navigate(`${baseUrl}${path}`), person);
    },
    close: server.close,
  };
}

/** Fills in the forms that the server shows, up to what is none of them. */
export async function throughForms(browser: UserAgent, start: Page, person: string): Promise<Page> {
  let page = start;
  for (let form = formOf(page); form !== null && !page.url.startsWith(baseUrl); form = formOf(page)) {
    page = await browser.submit(form.action, { ...form.fields, login: person, password: "any", logout: "yes" });
  }
  return page;
}
