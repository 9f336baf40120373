import { AuthorizationError, authorizationErrorRedirect, OAuthProvider } from "@cloudflare/workers-oauth-provider";

const page = (text, status = 200) => new Response(text, { status, headers: { "content-type": "text/html" } });
const consent = '<form method="post"><input name="decision" value="deny"><input type="submit"></form>';

/** The pages that an app has to bring: one that asks for consent, and no login. */
const pages = {
  async fetch(request, env) {
    const oauth = env.OAUTH_PROVIDER;
    const { pathname } = new URL(request.url);
    if (pathname === "/client") return Response.json(await oauth.createClient(await request.json()));
    if (pathname !== "/authorize") return page("Not here", 404);
    let asked;
    try {
      asked = await oauth.parseAuthRequest(new Request(request.url));
    } catch (error) {
      if (!(error instanceof AuthorizationError)) throw error;
      return error.redirectTo ? Response.redirect(error.redirectTo, 302) : page(error.description, 400);
    }
    if (request.method === "GET") return page(consent);
    const { decision } = Object.fromEntries(await request.formData());
    if (decision !== "allow") return Response.redirect(authorizationErrorRedirect(asked, "access_denied"), 302);
    const grant = { request: asked, userId: "ada", metadata: {}, scope: asked.scope, props: { sub: "ada" } };
    return Response.redirect((await oauth.completeAuthorization(grant)).redirectTo, 302);
  },
};

export default new OAuthProvider({
  ...{ apiRoute: "/api/", apiHandler: { fetch: async (_request, _env, { props }) => Response.json(props) } },
  ...{ defaultHandler: pages, authorizeEndpoint: "/authorize", tokenEndpoint: "/token", scopesSupported: ["read"] },
  resourceMetadata: {
    ...{
      resource: `${URL_OF_THE_SERVER}/api/`,
      authorization_servers: [URL_OF_THE_SERVER],
      scopes_supported: ["read"],
    },
  },
});
