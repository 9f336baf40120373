import {
  type Auth,
  type ConnectingOptions,
  type ConnectRequest,
  createAuth,
  fromRequest,
  type OwnerSessions,
  ownerSessionsOf,
  type PixyOptions,
  type Profile,
  type ProviderKey,
  type Session,
} from "@pixy/server";
import type { NextRequest } from "next/server.js";
import { type Actions, createActions } from "./action.ts";
import { incomingOf } from "./incoming.ts";
import { refusePagesRouter } from "./misuse.ts";
import { makePrivate } from "./outgoing.ts";
import { createPage, type Page } from "./page.ts";
import { matcherOf } from "./protected-paths.ts";
import { createProxy, type PixyProxy } from "./proxy.ts";
import { createRoute, type GuardedHandler, type RouteOptions } from "./route.ts";
import { visit } from "./visit.ts";

type Handler = (request: NextRequest) => Promise<Response>;

/** Login, callback, logout, session and guards for a Next.js app. */
export interface Pixy<Data = unknown, Key extends string | null = string | null> extends OwnerSessions<Data, Key> {
  /** For `app/auth/[...pixy]/route.ts`: `export const { GET, POST } = auth.handlers`. */
  readonly handlers: { readonly GET: Handler; readonly POST: Handler };
  /**
   * For `proxy.ts`, where it is wanted: refreshes a token that is about to expire before anything renders, which spares
   * pages the way over `/auth/refresh`; always continues.
   */
  readonly proxy: PixyProxy;
  /**
   * The same, and for these paths the redirect to the login, also where Next has a part of the page at hand before it asks
   * who is there, and 503 while the provider or the store is away: `["/account", "/admin/*"]`. Each page checks for itself
   * all the same.
   */
  protect(paths: readonly string[]): PixyProxy;
  /** In a page: the session, or `null`. Throws `RequestError` when the store is away. */
  session(): Promise<Session<Data, Key> | null>;
  /**
   * In a page: the handle of this request. It is read-only: with sessions in cookies it never refreshes, and leads the
   * page over `/auth/refresh` where the token no longer works.
   */
  readonly of: Page<Data, Key>["of"];
  /** In a page: the signed-in handle; without a login the page redirects to one, and the login back. */
  readonly requireLogin: Page<Data, Key>["requireLogin"];
  /** Puts a Route Handler behind the guard; a refresh in it is kept: `export const GET = auth.route(…)`. */
  route<Context>(
    handler: GuardedHandler<Data, Context, Key>,
    options?: RouteOptions,
  ): (request: NextRequest, context: Context) => Promise<Response>;
  /** Puts a Server Action behind the guard; a refresh in it is kept. */
  readonly action: Actions<Data, Key>["action"];
  /** Starts a login from a Server Action, back to the page it is on. */
  readonly login: Actions<Data, Key>["login"];
  /**
   * Runs code that may write cookies with the login: in a Server Action, a Route Handler, a procedure of tRPC, a middleware
   * of next-safe-action. A refresh in it is kept, also when it throws; work that outlives it spends no refresh token.
   * Throws `RequestError` `login_required`, `reauth_required`, `insufficient_scope`, with a `status`.
   */
  readonly withLogin: Actions<Data, Key>["withLogin"];
  /**
   * Connects an account at a provider to a user of the app, in the Route Handler of a POST: returns the redirect to the
   * provider, or a page that says why not. Needs `grants`.
   */
  connect(request: Request, wanted: ConnectRequest<Key>): Promise<Response>;
  /** The same in a Server Action: redirects to the provider, or throws `RequestError` `connect_refused`. */
  connect(wanted: ConnectRequest<Key>): Promise<never>;
  /** Ends the session from a Server Action and leads to `afterLogout`. */
  readonly logout: Actions<Data, Key>["logout"];
}

/**
 * Makes the login of a Next.js app. The options are read at first use, because `next build` imports the module
 * without secrets.
 *
 * @throws ConfigurationError that names the option to change, at the first request
 * @example
 * // auth.ts; app/auth/[...pixy]/route.ts says: export const { GET, POST } = auth.handlers;
 * export const auth = pixy(() => ({ provider: spotify, clientId: process.env.CLIENT_ID ?? "", baseUrl, secret }));
 */
export function pixy<Data = Profile | null, Key extends string = never>(
  options: PixyOptions<Data, Key> | (() => PixyOptions<Data, Key>),
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Data = Profile | null, Key extends string = never>(
  options: ConnectingOptions<Data, Key> | (() => ConnectingOptions<Data, Key>),
): Pixy<Data, ProviderKey<Key>>;
// Where provider and client come from is a matter of types.
export function pixy<Data, Key extends string>(given: unknown): Pixy<Data, ProviderKey<Key>> {
  const options = given as PixyOptions<Data, Key> | (() => PixyOptions<Data, Key>);
  type Own = Auth<Data, ProviderKey<Key>>;
  let made: Own | undefined;
  const authOf = (): Own => (made ??= createAuth(typeof options === "function" ? options() : options));

  async function answer(request: NextRequest): Promise<Response> {
    refusePagesRouter(request);
    const incoming = incomingOf(request);
    await visit("GET");
    makePrivate();
    const auth = authOf();
    return auth.respond(auth.open(incoming, { original: request }));
  }

  const actions = createActions(authOf);
  const { of, requireLogin } = createPage(authOf);
  return {
    handlers: { GET: answer, POST: answer },
    proxy: createProxy(authOf),
    protect: (paths) => createProxy(authOf, matcherOf(paths)),
    session: async () => (await of()).session(),
    of,
    requireLogin,
    route: (handler, guard) => createRoute(authOf, handler, guard),
    ...ownerSessionsOf(authOf),
    ...actions,
    async connect(
      ...given: readonly [Request, ConnectRequest<ProviderKey<Key>>] | readonly [ConnectRequest<ProviderKey<Key>>]
    ) {
      const [request, wanted] = given;
      if (wanted === undefined) return actions.connect(request as ConnectRequest<ProviderKey<Key>>);
      makePrivate();
      const auth = authOf();
      return auth.connect(auth.open(fromRequest(request as Request)), wanted) as Promise<never>;
    },
  };
}
