import { discover } from "@pixy/server";
import { Events, OAuth2Server } from "oauth2-mock-server";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { versionOf } from "../version.ts";

/** A server for tests: no pages, no memory of tokens. What goes wrong there is said with its own hooks. */
export const oauth2MockServer: ForeignServer = {
  name: "oauth2-mock-server",
  version: versionOf("oauth2-mock-server"),
  absent: {
    "redirect URI": {
      says: "Simulates user authentication. Automatically redirects to the callback endpoint.",
      where: "oauth2-mock-server/README.md",
      never: /redirect[_ ]uris?\b.*(regist|allow|valid)/i,
    },
  },
  reuse: "answered",
  denied: "app",
  deaths: { refused: invalidGrant },
  revoked: "200",

  async start() {
    const server = new OAuth2Server();
    await server.issuer.keys.generate("RS256");
    await server.start(0, "127.0.0.1");
    const url = server.issuer.url ?? "";
    let requests = 0;
    server.service.on(Events.BeforeResponse, () => {
      requests += 1;
    });
    const find = (asked: string) =>
      discover(asked, {
        openid: true,
        allowInsecureLoopback: true,
        provider: { api: url, refreshTokens: { rotation: "rotating", retryUnknown: true } },
      });
    return {
      ...{ url, clientId: "client-of-the-app", scope: [], profile: "/userinfo", person: "johndoe" },
      provider: await find(url),
      discover: find,
      tokenRequests: () => requests,
      visit(browser, address, decision) {
        if (decision === "deny") {
          server.service.once(Events.BeforeAuthorizeRedirect, ({ url: callback }) => {
            callback.searchParams.delete("code");
            callback.searchParams.set("error", "access_denied");
          });
        }
        return browser.navigate(address);
      },
      deaths: {
        async refused(logIn) {
          await logIn();
          server.service.once(Events.BeforeResponse, (answer) => {
            answer.statusCode = 400;
            answer.body = { error: "invalid_grant" };
          });
        },
      },
      close: () => server.stop(),
    };
  },
};
