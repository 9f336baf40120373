import { pixy } from "@pixy/hono";
import { type OpenIdOptions, openid } from "@pixy/openid";
import { type ClientAuthentication, memoryStore, type NewLogin, none, type PixyEvent } from "@pixy/server";
import { type Clock, createClock, createUserAgent, type Page, type UserAgent } from "@pixy/testing";
import { Hono } from "hono";
import { type ClientMetadata, type Configuration, Provider } from "oidc-provider";
import { secret } from "../lib/web-app.ts";
import { baseUrl } from "./app.ts";
import { formOf } from "./form.ts";
import { serveOnLoopback } from "./loopback.ts";

/** One way to set up `oidc-provider`, and what the app says of it. */
export interface Variant {
  readonly configuration?: Configuration;
  readonly client?: Partial<ClientMetadata>;
  readonly options?: Partial<OpenIdOptions>;
  readonly clientAuthentication?: ClientAuthentication;
  readonly scope?: readonly string[];
  readonly profile?: false;
}

/** A request of the app to the server, and what it answered. */
export interface Sent {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: Headers;
  readonly status: number;
}

export interface OpenIdInterop {
  readonly url: string;
  readonly clock: Clock;
  readonly events: PixyEvent[];
  readonly logins: NewLogin[];
  readonly sent: Sent[];
  browser(): UserAgent;
  /** Opens a page of the app, and goes through the server's own as this person. */
  visit(browser: UserAgent, path: string, person?: string): Promise<Page>;
  close(): Promise<void>;
}

export const clientId = "client-of-the-app";

/** Starts `oidc-provider` on a free port, and an app of ours with `@pixy/openid` in front of it. */
export async function startOpenIdInterop(variant: Variant = {}): Promise<OpenIdInterop> {
  const app = new Hono();
  const server = await serveOnLoopback((url) => {
    const provider = new Provider(url, {
      clients: [
        {
          client_id: clientId,
          token_endpoint_auth_method: "none",
          application_type: "native",
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          redirect_uris: [`${baseUrl}/auth/callback`],
          post_logout_redirect_uris: [`${baseUrl}/goodbye`],
          ...variant.client,
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
        return request.url.startsWith(baseUrl) ? app.fetch(request) : fetch(request);
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
      ...variant.configuration,
      features: {
        devInteractions: { enabled: true },
        revocation: { enabled: true },
        ...variant.configuration?.features,
      },
    });
    provider.on("server_error", (_context, error) => console.error(error));
    return provider.callback();
  });

  const clock = createClock();
  const [events, logins, sent]: [PixyEvent[], NewLogin[], Sent[]] = [[], [], []];
  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const url = new URL(String(input));
    const form = new URLSearchParams(String(init?.body ?? ""));
    sent.push({ path: url.pathname, form, headers: new Headers(init?.headers), status: response.status });
    return response;
  };
  const auth = pixy<{ readonly name: string | null }>({
    provider: openid(server.url, {
      ...{ allowInsecureLoopback: true, fetch: recording, now: clock.now },
      provider: { api: server.url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
      ...variant.options,
    }),
    clientAuthentication: variant.clientAuthentication ?? none(),
    ...{ clientId, baseUrl, secret, store: memoryStore({ now: clock.now }), afterLogout: "/goodbye" },
    ...{ now: clock.now, fetch: recording, onEvent: (event) => void events.push(event) },
    ...(variant.profile === false ? { profile: false, scope: ["openid", ...(variant.scope ?? [])] } : {}),
    async onLogin(login) {
      logins.push(login);
      return { name: variant.profile === false ? null : (await login.profile()).name };
    },
  });
  app.route("/", auth.routes());
  app.get("/goodbye", (c) => c.text("Goodbye"));
  app.get("/", auth.middleware(), async (c) => c.text(`Hello ${(await c.var.auth.session())?.data.name ?? "nobody"}`));
  app.get("/token", auth.requireLogin(), async (c) => c.text(await c.var.auth.accessToken()));
  app.get("/me", auth.requireLogin(), async (c) => {
    const answer = await c.var.auth.fetch("/me");
    return c.json(await answer.json(), answer.ok ? 200 : 502);
  });

  return {
    ...{ url: server.url, clock, events, logins, sent },
    browser: () => createUserAgent({ fetchers: { [baseUrl]: (request) => app.fetch(request) } }),
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
