import { spotify } from "@pixy/providers/spotify";
import { type Auth, createAuth, fromRequest, type PixyOptions } from "@pixy/server";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Clock,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type UserAgent,
} from "@pixy/testing";

/** Random once, so that seals of one test open in another run of the same test. */
export const secret: string = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";
export const otherSecret: string = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";

export interface Profile {
  readonly name: string;
}

export interface WebAppOptions {
  readonly options?: Partial<PixyOptions<Profile>>;
  readonly provider?: AuthorizationServerOptions;
  readonly clock?: Clock;
}

export interface WebApp {
  readonly auth: Auth<Profile>;
  readonly provider: AuthorizationServer;
  readonly clock: Clock;
  readonly origin: string;
  /** Answers a request as the smallest app on web standards would. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** A browser that knows the app and the provider. */
  browser(): UserAgent;
}

/** The example app without a framework and without a network, so that the server's own behaviour shows. */
export function createWebApp(input: WebAppOptions = {}): WebApp {
  const clock = input.clock ?? createClock();
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, ...input.provider });
  const baseUrl = input.options?.baseUrl ?? "https://app.example";
  const auth = createAuth<Profile>({
    provider: spotify,
    clientId: "client-of-the-app",
    baseUrl,
    secret,
    scope: ["user-read-private"],
    fetch: provider.fetch,
    now: clock.now,
    onLogin: async (login) => {
      const me = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
      return { name: me.display_name };
    },
    ...input.options,
  });

  async function answer(request: Request): Promise<Response> {
    const handle = auth.open(fromRequest(request));
    const path = new URL(request.url).pathname.slice(auth.settings.basePath.length);
    if (path.startsWith("/auth/")) return auth.respond(handle);
    if (path === "/public") return Response.json({ ok: true });
    const finish = (response: Response): Response => {
      const headers = new Headers(response.headers);
      for (const [name, value] of handle.takeResponseHeaders()) {
        if (name === "cache-control") headers.set(name, value);
        else headers.append(name, value);
      }
      return new Response(response.body, { status: response.status, headers });
    };
    try {
      if (path === "/") {
        const session = await handle.session();
        return finish(new Response(session ? `Hello ${session.data.name}` : "Log in"));
      }
      const login = await (path === "/playlists"
        ? auth.requireScope(handle, ["playlist-read-private"])
        : auth.requireLogin(handle));
      if (login instanceof Response) return login;
      const upstream = await login.fetch(path === "/playlists" ? "/v1/me/playlists" : "/v1/me");
      return finish(Response.json(await upstream.json(), { status: upstream.status }));
    } catch (error) {
      const response = auth.errorResponse(error, handle);
      if (response === null) throw error;
      return response;
    }
  }

  const origin = new URL(baseUrl).origin;
  return {
    auth,
    provider,
    clock,
    origin,
    fetch: answer,
    browser: () =>
      createUserAgent({
        fetchers: { [origin]: answer, [new URL(spotify.issuer).origin]: (request) => provider.fetch(request) },
      }),
  };
}
