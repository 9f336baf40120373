import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page, RunningApp, UserAgent } from "@pixy/testing";
import { Provider } from "oidc-provider";

/** Starts `oidc-provider`, an authorization server of other people, with rotation, revocation and `iss`. `secret` is the client's. */
export async function startOidcServer(redirectUri: string, secret?: string): Promise<RunningApp> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      {
        client_id: "client-of-the-app",
        token_endpoint_auth_method: secret === undefined ? "none" : "client_secret_post",
        client_secret: secret,
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        redirect_uris: [redirectUri],
      },
    ],
    // Its "/me", with the path that the test's app asks for.
    routes: { userinfo: "/v1/me" },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    ttl: { AccessToken: 3600, Grant: 86_400, IdToken: 3600, Interaction: 600, RefreshToken: 86_400, Session: 600 },
    cookies: { keys: ["a key for a test"] },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, display_name: id }) }),
    claims: { openid: ["sub", "display_name"] },
  });
  const answer = provider.callback();
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Logs in and consents on the pages that the server shows. */
export async function throughForms(browser: UserAgent, start: Page, person: string): Promise<Page> {
  let page = start;
  for (let step = 0; step < 4; step++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1];
    if (action === undefined || prompt === undefined) return page;
    const form = prompt === "login" ? { prompt, login: person, password: "any" } : { prompt };
    page = await browser.submit(action, form);
  }
  throw new Error(`The server kept asking, the last time at ${page.url}.`);
}
