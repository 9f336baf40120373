import { methodNotAllowed, notFound, RequestError } from "./errors.ts";
import { type LoginOptions, readLoginOptions } from "./login/login-options.ts";
import { createLogins } from "./login/logins.ts";
import { callbackRoute } from "./request/callback-route.ts";
import { type ConnectRequest, startConnect } from "./request/connect-route.ts";
import { deliver } from "./request/deliver.ts";
import { errorAnswer } from "./request/error-answer.ts";
import { createGuard, type GuardOptions, type Verdict } from "./request/guard.ts";
import { Handle } from "./request/handle.ts";
import { logOut } from "./request/log-out.ts";
import { loginRoute } from "./request/login-route.ts";
import { loginUrlFrom } from "./request/login-url.ts";
import { logoutRoute } from "./request/logout-route.ts";
import { returnPathOf } from "./request/origin.ts";
import { createOwnerSessions, type OwnerSessions } from "./request/owner-sessions.ts";
import { providerRoute } from "./request/provider-route.ts";
import { refreshPath, refreshRoute } from "./request/refresh-route.ts";
import type { RequestContext, RequestHandle } from "./request/request-handle.ts";
import { type RouteName, routeOf } from "./request/route.ts";
import { sessionRoute } from "./request/session-route.ts";
import { stepUpPath } from "./request/step-up.ts";
import { createSessions } from "./session/create-sessions.ts";
import type { CheckGuarded } from "./settings/after-logout.ts";
import { type CheckMount, createMountCheck } from "./settings/mount.ts";
import type { ConnectingOptions, OptionsFor, ProviderKey } from "./settings/options.ts";
import type { Profile } from "./settings/profile.ts";
import { type PublicSettings, publicSettings, readOptions } from "./settings/settings.ts";
import { warnOfSharedName } from "./settings/shared-name.ts";
import { fromRequest, type IncomingRequest } from "./web/incoming-request.ts";
import type { ReturnPath } from "./web/return-path.ts";

/** Login, sessions and guards of one app, for any framework. An adapter translates and decides nothing. */
export interface Auth<Data = unknown, Key extends string | null = string | null> extends OwnerSessions<Data, Key> {
  readonly settings: PublicSettings;
  /** Tells which of our routes a request asks for, with the base path or without it; `null` when none. */
  routeOf(request: IncomingRequest): RouteName | null;
  /**
   * For adapters: warns once when an app has mounted the routes where none of them can match. Takes the path of the
   * mount as the framework knows it, never the one that somebody asks for, and what writes the line for another path.
   */
  readonly checkMount: CheckMount;
  /** Answers one of our routes; 404 for any other path. A bad request never makes it throw. */
  respond(handle: RequestHandle<Data, Key>): Promise<Response>;
  /** Answers one of our routes, on web standards. */
  handle(request: Request, context?: RequestContext): Promise<Response>;
  /** Makes the handle of one request: one for each, for our routes and the app's, so that the session is read once. */
  open(request: IncomingRequest, context?: RequestContext): RequestHandle<Data, Key>;
  /**
   * Returns the login of a request, with a token that works now, or the answer to send instead: pages go to the
   * login, everything else is told. Synchronous where everything is at hand.
   */
  requireLogin(handle: RequestHandle<Data, Key>, options?: GuardOptions): Verdict<Data, Key>;
  /** Like `requireLogin`, and asks for the missing scope where a page can. */
  requireScope(handle: RequestHandle<Data, Key>, scope: readonly string[], options?: GuardOptions): Verdict<Data, Key>;
  /** For adapters whose guard redirects by itself, from `path`: warns once where a logout leads to that page. */
  readonly checkGuarded: CheckGuarded;
  /** The path to lead back to after a login: `wanted`, or the start page where it cannot be used or is too long. */
  returnPath(wanted: string): ReturnPath;
  /**
   * The path of the login for whoever is, or was, logged in by this handle: to the same provider, and back to `returnTo`;
   * where that tells of a refused login, the route asks before it begins another one.
   */
  loginPath(handle: RequestHandle<Data, Key>, returnTo: string): string;
  /**
   * For adapters: the path over which a page goes that lacks a scope and cannot set cookies, back to `returnTo`; `null` where
   * the person was asked for it already.
   */
  stepUpPath(handle: RequestHandle<Data, Key>, scope: readonly string[], returnTo: string): Promise<string | null>;
  /**
   * For adapters: the path over which a page goes that needs a token and cannot set cookies, back to `returnTo`; `refused` is
   * what `onRefreshNeeded` was given.
   */
  refreshPath(returnTo: string, refused: string | null): string;
  /**
   * Starts a login from server code.
   *
   * @throws ConfigurationError for options that cannot be used
   */
  login(handle: RequestHandle<Data, Key>, options?: LoginOptions<Key>): Promise<Response>;
  /**
   * Begins to connect an account at a provider to a user of the app, or answers with a page that says why not. Only for a
   * POST of our own origin.
   *
   * @throws ConfigurationError for options that cannot be used
   */
  connect(handle: RequestHandle<Data, Key>, wanted: ConnectRequest<Key>): Promise<Response>;
  /**
   * Ends the session from server code; the handle's headers clear the cookies. Returns where a logout leads: `afterLogout`, or
   * a page of the provider's that ends the login there, too.
   *
   * @throws RequestError `store_unavailable`
   */
  logout(handle: RequestHandle<Data, Key>): Promise<string>;
  /** The answer to an error that the app's handler threw, or `null` when it is none of ours. */
  errorResponse(error: unknown, handle: RequestHandle<Data, Key>, options?: GuardOptions): Promise<Response> | null;
}

/**
 * Checks the options and makes the login of an app. Does no I/O and draws no random numbers.
 *
 * @throws ConfigurationError that names the option and prints what to write instead
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1 RFC 6749 section 4.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636 RFC 7636}
 *
 * @example
 * const auth = createAuth({ provider: spotify, clientId, baseUrl, secret });
 * const handle = auth.open(fromRequest(request));
 * if (auth.routeOf(handle.request) !== null) return auth.respond(handle);
 * const login = await auth.requireLogin(handle);
 * if (login instanceof Response) return login;
 * const response = Response.json(await (await login.fetch("/v1/me")).json());
 * addHeaders(response.headers, handle.takeResponseHeaders());
 * return response;
 */
export function createAuth<Data = Profile | null, Key extends string = never>(
  options: OptionsFor<Data, Key>,
): Auth<Data, ProviderKey<Key>>;
export function createAuth<Data = Profile | null, Key extends string = never>(
  options: ConnectingOptions<Data, Key>,
): Auth<Data, ProviderKey<Key>>;
export function createAuth<Data, Key extends string>(
  options: OptionsFor<Data, Key> | ConnectingOptions<Data, Key>,
): Auth<Data, ProviderKey<Key>> {
  const settings = readOptions<Data>(options);
  warnOfSharedName(settings);
  const sessions = createSessions(settings);
  const logins = createLogins(settings, sessions);
  const guard = createGuard(settings, logins.start);

  // What adapters hold is the interface; a handle is only ever made by `open`.
  const own = (handle: RequestHandle<Data, ProviderKey<Key>>) => handle as Handle<Data>;
  const open = (request: IncomingRequest, context?: RequestContext) => new Handle(settings, sessions, request, context);
  const respond = (handle: Handle<Data>) => deliver(handle, answer(handle));

  async function answer(handle: Handle<Data>): Promise<Response> {
    const { request } = handle;
    try {
      const route = routeOf(settings, request);
      if (route === null) throw notFound("route", "The routes are login, refresh, callback, logout and session.");
      requireMethod(route, request);
      switch (route) {
        case "login":
          return await loginRoute(settings, logins.start, handle);
        case "refresh":
          return await refreshRoute(settings, handle);
        case "callback":
          return await callbackRoute(settings, logins, handle);
        case "logout":
          return await logoutRoute(settings, logins, handle);
        case "session":
          return await sessionRoute(settings, handle);
        case "provider":
          return await providerRoute(settings, sessions, handle);
      }
    } catch (error) {
      if (!RequestError.isInstance(error)) throw error;
      return errorAnswer(settings, request, error, { page: false });
    }
  }

  const returnPath = (wanted: string) => returnPathOf(settings, wanted);

  return {
    settings: publicSettings(settings),
    routeOf: (request) => routeOf(settings, request),
    checkMount: createMountCheck(settings),
    respond: (handle) => respond(own(handle)),
    handle: (request, context) => respond(open(fromRequest(request), { original: request, ...context })),
    open,
    requireLogin: (handle, guardOptions) => guard.requireLogin(own(handle), guardOptions),
    requireScope: (handle, scope, guardOptions) => guard.requireScope(own(handle), scope, guardOptions),
    checkGuarded: guard.checkGuarded,
    returnPath,
    loginPath: (handle, wanted) => loginUrlFrom(settings, own(handle).provider, returnPath(wanted)),
    stepUpPath: (handle, scope, wanted) => stepUpPath(settings, own(handle), scope, returnPath(wanted)),
    refreshPath: (wanted, refused) => refreshPath(settings, returnPath(wanted), refused),
    login: async (handle, loginOptions) =>
      deliver(handle, logins.start(handle.request, readLoginOptions(settings, loginOptions), own(handle).keepAlive)),
    connect: (handle, wanted) => deliver(handle, startConnect(settings, logins, own(handle), wanted)),
    logout: async (handle) => (await logOut(settings, own(handle))).location,
    ...createOwnerSessions(settings, sessions),
    errorResponse: (error, handle, guardOptions) =>
      RequestError.isInstance(error) ? guard.answer(own(handle), error, guardOptions) : null,
  };
}

const methods: Readonly<Record<RouteName, readonly string[]>> = {
  login: ["GET"],
  refresh: ["GET"],
  callback: ["GET"],
  logout: ["POST"],
  session: ["GET", "HEAD"],
  provider: ["POST"],
};

/** HEAD must not start or finish a login: link checkers and mail scanners send it. */
function requireMethod(route: RouteName, request: IncomingRequest): void {
  // Whether a callback may be posted is its provider's to say.
  if (route === "callback" && request.method === "POST") return;
  const allowed = methods[route];
  if (allowed.includes(request.method)) return;
  throw methodNotAllowed(route, request.method, allowed);
}
