import { type OpenIdOptions, openid } from "@pixy/openid";
import { createAuth, fromRequest, type NewLogin, type PixyEvent, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock, createUserAgent, type UserAgent } from "@pixy/testing";
import { createIssuer, type Issuer, type Key, type Payload, sign } from "../../packages/openid/test/issuer.ts";
import { secret } from "../lib/web-app.ts";

export const baseUrl = "https://app.example";
const issuer = "https://tenant.example";

export interface OpenIdApp<Data> {
  readonly world: Issuer;
  readonly clock: ReturnType<typeof createClock>;
  readonly server: ReturnType<typeof createAuthorizationServer>;
  readonly auth: ReturnType<typeof createAuth<Data>>;
  readonly events: PixyEvent[];
  readonly logins: NewLogin[];
  /** What the ID token of the next answers says besides; `null`: there is none. */
  readonly said: { claims: Payload | null; nonce: string; userinfo: Payload };
  readonly sent: string[];
  browser(): UserAgent;
}

/** An app, and a provider of OpenID Connect that puts into its ID tokens what the test wants. */
export function createOpenIdApp<Data>(
  key: Key,
  given: {
    readonly options?: Partial<PixyOptions<Data>>;
    readonly openid?: OpenIdOptions;
    readonly metadata?: object;
    readonly onPush?: (form: URLSearchParams) => Response;
  } = {},
): OpenIdApp<Data> {
  const clock = createClock();
  const server = createAuthorizationServer({ clock, issuer });
  const world = createIssuer([key], { ...given.metadata });
  const events: PixyEvent[] = [];
  const logins: NewLogin[] = [];
  const sent: string[] = [];
  const said: OpenIdApp<Data>["said"] = { claims: {}, nonce: "", userinfo: {} };
  world.published.metadata.userinfo_endpoint = `${issuer}/userinfo`;
  world.published.metadata.token_endpoint = `${issuer}/api/token`;

  const fetchNow: typeof fetch = async (input, init) => {
    world.now = clock.now();
    const request = new Request(input, init);
    sent.push(new URL(request.url).pathname);
    if (/well-known|\/keys$/.test(request.url)) return world.fetch(request.url);
    if (request.url === `${issuer}/par`) return given.onPush?.(new URLSearchParams(await request.text())) as Response;
    if (request.url === `${issuer}/userinfo`) return Response.json(said.userinfo);
    const answer = await server.fetch(request);
    if (!request.url.endsWith("/api/token") || !answer.ok || said.claims === null) return answer;
    const id_token = await sign(world.claims({ nonce: said.nonce, ...said.claims }), key);
    return Response.json({ ...((await answer.json()) as object), id_token });
  };

  const auth = createAuth<Data>({
    provider: openid(issuer, {
      ...{ provider: { api: issuer, revocationEndpoint: undefined }, fetch: fetchNow, now: clock.now },
      ...given.openid,
    }),
    ...{ clientId: "client-of-the-app", baseUrl, secret, fetch: fetchNow, now: clock.now },
    onEvent: (event) => void events.push(event),
    ...given.options,
  } as PixyOptions<Data>);

  async function answer(request: Request): Promise<Response> {
    const handle = auth.open(fromRequest(request));
    const path = new URL(request.url).pathname;
    if (path.startsWith("/auth/")) return auth.respond(handle);
    const finish = (response: Response): Response => {
      for (const [name, value] of handle.takeResponseHeaders()) response.headers.append(name, value);
      return response;
    };
    try {
      if (path === "/") return finish(Response.json((await handle.session()) ?? null));
      const login = await auth.requireLogin(handle);
      if (login instanceof Response) return login;
      return finish(Response.json(await (await login.fetch("/v1/me")).json()));
    } catch (error) {
      return auth.errorResponse(error, handle) ?? Response.error();
    }
  }

  return {
    ...{ world, clock, server, auth, events, logins, said, sent },
    browser: () =>
      createUserAgent({
        fetchers: {
          [baseUrl]: answer,
          [issuer]: (request) => {
            said.nonce = new URL(request.url).searchParams.get("nonce") ?? said.nonce;
            return server.fetch(request);
          },
        },
      }),
  };
}
