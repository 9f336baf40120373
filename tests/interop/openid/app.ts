import { pixy } from "@pixy/hono";
import { type OpenIdOptions, openid } from "@pixy/openid";
import { type ClientAuthentication, memoryStore, type NewLogin, none, type PixyEvent } from "@pixy/server";
import { type Clock, createClock, createUserAgent, type UserAgent } from "@pixy/testing";
import { Hono } from "hono";
import { secret } from "../../lib/web-app.ts";
import { baseUrl } from "../app.ts";

/** An app with `@pixy/openid`: its provider, and what it says of it. */
export interface OpenIdAppOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Default: none. */
  readonly clientAuthentication?: ClientAuthentication;
  readonly options?: Partial<OpenIdOptions>;
  readonly scope?: readonly string[];
  readonly profile?: false;
  /** The path of the API, at the provider, that says who the person is. */
  readonly userinfo: string;
}

/** A request of the app to the server, and what it answered. */
export interface Sent {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: Headers;
  readonly status: number;
  /** The members of a JSON object; else none. */
  readonly answer: Readonly<Record<string, unknown>>;
}

export interface OpenIdApp {
  readonly clock: Clock;
  readonly events: PixyEvent[];
  readonly logins: NewLogin[];
  readonly sent: Sent[];
  browser(): UserAgent;
  fetch(request: Request): Response | Promise<Response>;
}

/** Creates an app of ours in front of a foreign provider of OpenID Connect. `/` says who it is, by the profile. */
export function createOpenIdApp(of: OpenIdAppOptions): OpenIdApp {
  const app = new Hono();
  const clock = createClock();
  const [events, logins, sent]: [PixyEvent[], NewLogin[], Sent[]] = [[], [], []];
  const recording: typeof fetch = async (input, init) => {
    const response = await (of.options?.fetch ?? fetch)(input, init);
    const { pathname: path } = new URL(String(input));
    const form = new URLSearchParams(String(init?.body ?? ""));
    const answer = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Sent["answer"];
    sent.push({ path, form, headers: new Headers(init?.headers), status: response.status, answer });
    return response;
  };
  const auth = pixy<{ readonly id: string; readonly name: string | null }>({
    provider: openid(of.issuer, {
      ...{ allowInsecureLoopback: true, now: clock.now },
      provider: { api: new URL(of.issuer).origin, refreshTokens: { rotation: "rotating", retryUnknown: false } },
      ...of.options,
      fetch: recording,
    }),
    clientAuthentication: of.clientAuthentication ?? none(),
    ...{ clientId: of.clientId, baseUrl, secret, store: memoryStore({ now: clock.now }), afterLogout: "/goodbye" },
    ...{ now: clock.now, fetch: recording, onEvent: (event) => void events.push(event) },
    ...(of.profile === false ? { profile: false, scope: ["openid", ...(of.scope ?? [])] } : { scope: of.scope ?? [] }),
    async onLogin(login) {
      logins.push(login);
      if (of.profile === false) return { id: String(login.claims?.sub), name: null };
      const { id, name } = await login.profile();
      return { id, name };
    },
  });
  app.route("/", auth.routes());
  app.get("/goodbye", (c) => c.text("Goodbye"));
  app.get("/", auth.middleware(), async (c) => {
    const session = await c.var.auth.session();
    return c.text(`Hello ${session === null ? "nobody" : (session.data.name ?? session.data.id)}`);
  });
  app.get("/token", auth.requireLogin(), async (c) => c.text(await c.var.auth.accessToken()));
  app.get("/me", auth.requireLogin(), async (c) => {
    const answer = await c.var.auth.fetch(of.userinfo);
    return c.json(await answer.json(), answer.ok ? 200 : 502);
  });
  return {
    ...{ clock, events, logins, sent },
    fetch: (request) => app.fetch(request),
    browser: () => createUserAgent({ fetchers: { [baseUrl]: (request) => app.fetch(request) } }),
  };
}
