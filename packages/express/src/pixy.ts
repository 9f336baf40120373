import type { IncomingMessage } from "node:http";
import {
  type Auth,
  type ConnectingOptions,
  type ConnectRequest,
  checkGuardOptions,
  createAuth,
  type GuardOptions,
  type LoginOptions,
  type OwnerSessions,
  ownerSessionsOf,
  type PixyOptions,
  type Profile,
  type ProviderKey,
  type RequestHandle,
  type SignedIn,
  type Verdict,
} from "@pixy/server";
import type { ErrorRequestHandler, Response as ExpressResponse, NextFunction, Request, RequestHandler } from "express";
import { createHandles } from "./handles.ts";
import { send } from "./send.ts";

/**
 * A middleware after which `res.locals.auth` is the handle of a signed-in person. It does not name Express's `Request`,
 * which would take the place of the route's own parameters.
 */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown` no guard of an app would be assignable to it.
export interface Guard<Data = any, Key extends string | null = any> {
  /** In a list of handlers, of whose `res.locals` Express knows nothing. */
  (req: IncomingMessage, res: ExpressResponse, next: NextFunction): void;
  // Last, because Express infers `res.locals` from there.
  // biome-ignore lint/suspicious/noExplicitAny: the body's type is the next handler's to say.
  (req: IncomingMessage, res: ExpressResponse<any, { auth: SignedIn<Data, Key> }>, next: NextFunction): void;
}

/** Express's `RequestHandler` by a name of ours: an app that exports one need not see what Express's types are made of. */
export interface Middleware extends RequestHandler {}

/** The same for errors. */
export interface ErrorMiddleware extends ErrorRequestHandler {}

/** Login for an Express application, 4.21 or 5. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown` no login of an app would be assignable to it.
export interface Pixy<Data = any, Key extends string | null = any> extends OwnerSessions<Data, Key> {
  /**
   * Answers login, refresh, callback, logout and session; lets every other request pass. Mount it at `authPath`
   * (`app.use("/auth", auth.routes())`), or at the root when `callbackPath` lies elsewhere.
   * Mounted at another path, where none of them can match, it says so in a `set-up.warning`.
   */
  routes(): Middleware;
  /** Attaches the request's handle; reads nothing until it is asked, and then puts changed cookies onto the response. */
  middleware(): Middleware;
  /** Lets signed-in people pass: a page is sent to the login, any other request gets 401 JSON. */
  requireLogin(options?: GuardOptions): Guard<Data, Key>;
  /** Lets people pass who gave these scopes: a page asks for them, any other request gets 403 JSON. */
  requireScope(...scope: readonly [string, ...string[]]): Guard<Data, Key>;
  /** Returns the request's handle; throws `ConfigurationError` without `auth.middleware()` or a guard before. */
  of(req: Request): RequestHandle<Data, Key>;
  /** Starts a login from a handler: sends the redirect to the provider. */
  login(req: Request, res: ExpressResponse, options?: LoginOptions<Key>): Promise<void>;
  /**
   * Connects an account at a provider to a user of the app, from the handler of a POST: sends the redirect to the provider,
   * or a page that says why not. Needs `grants`.
   */
  connect(req: Request, res: ExpressResponse, wanted: ConnectRequest<Key>): Promise<void>;
  /** Ends the session from a handler, which then sends its own answer. Returns where a logout leads, maybe to the provider. */
  logout(req: Request, res: ExpressResponse): Promise<string>;
  /** Answers errors of ours that a handler threw; passes every other error on. */
  errorHandler(): ErrorMiddleware;
}

/**
 * Creates the login of an Express application.
 *
 * @throws ConfigurationError that names the option to change
 * @example
 * const auth = pixy({ provider: spotify, clientId, baseUrl, secret });
 * app.use("/auth", auth.routes());
 * app.use(auth.middleware());
 * app.get("/me", auth.requireLogin(), async (_req, res) => res.json(await (await res.locals.auth.fetch("/v1/me")).json()));
 */
export function pixy<Data = Profile | null, Key extends string = never>(
  options: PixyOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Data = Profile | null, Key extends string = never>(
  options: ConnectingOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Data, Key extends string>(
  options: PixyOptions<Data, Key> | ConnectingOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>> {
  // The keys are a matter of types: they come back with what is returned.
  const auth = createAuth(options as PixyOptions<Data, Key>) as Auth<Data>;
  const handles = createHandles(auth);
  const warnOfProxy = createProxyWarning(auth);

  function guard(decide: (handle: RequestHandle<Data>) => Verdict<Data>): Guard<Data> {
    return function pixyGuard(message, res, next) {
      const req = message as Request;
      function pass(outcome: Response | SignedIn<Data>): void {
        if (outcome instanceof Response) {
          send(outcome, res).catch(next);
        } else {
          // No app has made the response of an `upgrade`.
          res.locals ??= {};
          res.locals.auth = outcome;
          next();
        }
      }
      // A hot session is decided at once, and a promise would cost more than the decision.
      const outcome = decide(handles.open(req, res));
      if (outcome instanceof Promise) outcome.then(pass, next);
      else pass(outcome);
    };
  }

  return {
    routes: () =>
      function pixyRoutes(req, res, next) {
        if (auth.routeOf(handles.attach(req, res)) === null) {
          // With a parameter in the mount `baseUrl` is what somebody asked for, and says nothing of the app.
          if (Object.keys(req.params).length === 0) auth.checkMount(req.baseUrl, lineAt);
          return next();
        }
        warnOfProxy(req);
        auth
          .respond(handles.open(req, res))
          .then((response) => send(response, res))
          .catch(next);
      },
    middleware: () =>
      function pixyMiddleware(req, res, next) {
        handles.attach(req, res);
        next();
      },
    requireLogin(options) {
      checkGuardOptions(options);
      return guard((handle) => auth.requireLogin(handle, options));
    },
    requireScope(...scope) {
      checkGuardOptions({}, scope);
      return guard((handle) => auth.requireScope(handle, scope));
    },
    of: handles.of,
    login: async (req, res, options) => send(await auth.login(handles.open(req, res), options), res),
    connect: async (req, res, wanted) => send(await auth.connect(handles.open(req, res), wanted), res),
    logout: (req, res) => auth.logout(handles.open(req, res)),
    ...ownerSessionsOf(() => auth),
    errorHandler: () =>
      function pixyErrorHandler(error, req, res, next) {
        const answer = res.headersSent ? null : auth.errorResponse(error, handles.open(req, res));
        if (answer === null) return next(error);
        answer.then((response) => send(response, res)).catch(next);
      },
  } satisfies Pixy<Data, string | null> as unknown as Pixy<Data, ProviderKey<Key>>;
}

function lineAt(path: string): string {
  return `app.use("${path}", auth.routes())`;
}

/** Says once that a proxy in front speaks https where `baseUrl` says http: the provider would send people to http. */
function createProxyWarning<Data>({ settings }: Auth<Data>): (req: Request) => void {
  let isSilent = settings.secure;
  return (req) => {
    if (isSilent || req.headers["x-forwarded-proto"] !== "https") return;
    isSilent = true;
    settings.emit({
      type: "set-up.warning",
      code: "base_url_not_https",
      message: `A proxy says that the browser uses https, but baseUrl is ${settings.baseUrl.origin}: set it to the public origin.`,
    });
  };
}
