import {
  type Auth,
  ConfigurationError,
  type ConnectingOptions,
  type ConnectRequest,
  checkGuardOptions,
  createAuth,
  type GuardOptions,
  type LoginOptions,
  type PixyOptions,
  type Profile,
  type ProviderKey,
  perEnvironment,
  type RequestHandle,
  type Session,
  type SignedIn,
  type Verdict,
} from "@pixy/server";
import { type Context, type ErrorHandler, Hono, type MiddlewareHandler } from "hono";
import { environmentOf } from "./environment.ts";
import { checkMount } from "./mount.ts";
import { addLines, answer } from "./response.ts";
import { Visit } from "./visit.ts";

/** What a Hono app declares so that `c.var.auth` is typed without a guard: `new Hono<AuthEnv<Data>>()`. */
export interface AuthEnv<Data = unknown, Key extends string | null = string | null> {
  Variables: { auth: RequestHandle<Data, Key> };
}

/** The same behind a guard: somebody is signed in. */
export interface SignedInEnv<Data = unknown, Key extends string | null = string | null> {
  Variables: { auth: SignedIn<Data, Key> };
}

/** Login for a Hono app, on any runtime. */
// biome-ignore lint/suspicious/noExplicitAny: with `unknown` no login of an app would be assignable to it.
export interface Pixy<Data = any, Key extends string | null = any> {
  /**
   * A sub-app that answers login, refresh, callback, logout and session, and lets every other request pass. Mount it at
   * `authPath` (`app.route("/auth", auth.routes())`), or at `/` when `callbackPath` lies elsewhere.
   * Mounted at another path, where none of them can match, it says so in a `set-up.warning`.
   */
  routes(): Hono;
  /**
   * Puts the request's handle into `c.var.auth`; reads nothing until it is asked, and then puts changed cookies onto
   * the response. Errors of ours that a handler threw are answered, unless `app.onError` answers with a status of its own.
   */
  middleware(): MiddlewareHandler<AuthEnv<Data, Key>>;
  /** Lets signed-in people pass: a page is sent to the login, any other request gets 401 JSON. */
  requireLogin(options?: GuardOptions): MiddlewareHandler<SignedInEnv<Data, Key>>;
  /** Lets people pass who gave these scopes: a page asks for them, any other request gets 403 JSON. */
  requireScope(...scope: readonly [string, ...string[]]): MiddlewareHandler<SignedInEnv<Data, Key>>;
  /** Makes an `app.onError` that answers errors of ours and leaves the others to `otherwise`. */
  errorHandler(otherwise: ErrorHandler): ErrorHandler;
  /** Returns the request's handle; throws `ConfigurationError` without `auth.middleware()` or a guard before. */
  of(c: Context): RequestHandle<Data, Key>;
  /** Starts a login from a handler, which returns the response: the redirect to the provider. */
  login(c: Context, options?: LoginOptions<Key>): Promise<Response>;
  /**
   * Connects an account at a provider to a user of the app, from the handler of a POST, which returns the response: the
   * redirect to the provider, or a page that says why not. Needs `grants`.
   */
  connect(c: Context, wanted: ConnectRequest<Key>): Promise<Response>;
  /** Ends the session from a handler, which then returns its own answer. Returns where a logout leads, maybe to the provider. */
  logout(c: Context): Promise<string>;
  /** Ends all grants and sessions of an owner, and what is logging in or refreshing; only where sessions share grants. */
  endAll(c: Context, owner: string): Promise<void>;
  /** The sessions of an owner that are not over; only where sessions share grants. */
  sessionsOf(c: Context, owner: string): Promise<readonly Session<Data, Key>[]>;
  /** Ends one session of an owner, by its `id`; `false` where there is none. The grant lives on. */
  endSession(c: Context, owner: string, id: string): Promise<boolean>;
}

/**
 * Creates the login of a Hono app. Options that depend on bindings are given as a function, which runs once for each
 * environment object.
 *
 * @throws ConfigurationError that names the option to change: at once for an object, at the first request for a function
 * @example
 * const auth = pixy((env: Env) => ({ provider: spotify, clientId: env.CLIENT_ID, baseUrl: env.BASE_URL, secret: env.SECRET }));
 * const app = new Hono().route("/auth", auth.routes()).use(auth.middleware());
 * app.get("/me", auth.requireLogin(), async (c) => c.json(await (await c.var.auth.fetch("/v1/me")).json()));
 */
export function pixy<Data = Profile | null, Key extends string = never>(
  options: PixyOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Environment extends object, Data = Profile | null, Key extends string = never>(
  options: (environment: Environment) => PixyOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Data = Profile | null, Key extends string = never>(
  options: ConnectingOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
export function pixy<Environment extends object, Data = Profile | null, Key extends string = never>(
  options: (environment: Environment) => ConnectingOptions<Data, Key>,
): Pixy<Data, ProviderKey<Key>>;
// The keys are a matter of types: inside they are texts. So is where provider and client come from.
export function pixy<Data, Key extends string>(options: unknown): Pixy<Data> {
  const authOf = resolver(options as PixyOptions<Data, Key> | ((environment: object) => PixyOptions<Data, Key>));
  // A symbol of each instance's own keeps two instances apart. A WeakMap would halve the throughput: its entries live
  // until the next full collection.
  const key = Symbol("pixy");
  type Visited = Context & { [key]?: Visit<Data> };

  function begin(c: Visited): Visit<Data> {
    const visit = new Visit(authOf(c), c);
    c[key] = visit;
    return visit;
  }

  function visitOf(c: Visited): Visit<Data> {
    const visit = c[key];
    if (visit === undefined) throw middlewareMissing(c);
    return visit;
  }

  function attaching<Env extends AuthEnv<Data>>(guard?: (visit: Visit<Data>) => Verdict<Data>): MiddlewareHandler<Env> {
    return async function pixyMiddleware(c, next) {
      const outer = (c as Visited)[key];
      const visit = outer ?? begin(c as Context);
      const verdict = guard ? await decide(c, visit, guard) : visit.handle;
      if (verdict instanceof Response) return answer(c, verdict);
      c.set("auth", verdict);
      await next();
      if (outer === undefined) await end(c, visit);
    };
  }

  return {
    routes: () =>
      new Hono().all("*", async function pixyRoutes(c, next) {
        const { auth, handle } = (c as Visited)[key] ?? new Visit(authOf(c), c);
        if (auth.routeOf(handle.request) === null) {
          checkMount(auth, c);
          return next();
        }
        answer(c, await auth.respond(handle));
      }),
    middleware: () => attaching(),
    requireLogin(guard) {
      checkGuardOptions(guard);
      return attaching(({ auth, handle }) => auth.requireLogin(handle, guard));
    },
    requireScope(...scope) {
      checkGuardOptions({}, scope);
      return attaching(({ auth, handle }) => auth.requireScope(handle, scope));
    },
    errorHandler: (otherwise) =>
      async function pixyErrorHandler(error, c) {
        const visit = (c as Visited)[key];
        const response = await visit?.auth.errorResponse(error, visit.handle);
        if (!response) return otherwise(error, c);
        answer(c, response);
        return c.res;
      },
    of: (c) => visitOf(c).handle,
    login(c, login) {
      const { auth, handle } = visitOf(c);
      return auth.login(handle, login);
    },
    connect(c, wanted) {
      const { auth, handle } = visitOf(c);
      return auth.connect(handle, wanted);
    },
    logout(c) {
      const { auth, handle } = visitOf(c);
      return auth.logout(handle);
    },
    endAll: async (c, owner) => authOf(c).endAll(owner),
    sessionsOf: async (c, owner) => authOf(c).sessionsOf(owner),
    endSession: async (c, owner, id) => authOf(c).endSession(owner, id),
  };
}

function resolver<Data, Key extends string>(
  options: PixyOptions<Data, Key> | ((environment: object) => PixyOptions<Data, Key>),
): (c: Context) => Auth<Data> {
  if (typeof options === "function") {
    const resolve = perEnvironment(options);
    return (c) => resolve(environmentOf(c)) as Auth<Data>;
  }
  const auth = createAuth(options) as Auth<Data>;
  return () => auth;
}

/** What Hono answers where the guard itself fails is private all the same. */
async function decide<Data>(
  c: Context,
  visit: Visit<Data>,
  guard: (visit: Visit<Data>) => Verdict<Data>,
): Promise<Response | RequestHandle<Data>> {
  try {
    return await guard(visit);
  } catch (error) {
    addLines(c, visit.handle.takeResponseHeaders());
    throw error;
  }
}

async function end<Data>(c: Context, visit: Visit<Data>): Promise<void> {
  // Hono has made a response of an error by now; where the app's own `onError` chose one, that stays.
  const response = c.error && c.res.status === 500 ? visit.auth.errorResponse(c.error, visit.handle) : null;
  if (response) answer(c, await response);
  const settled = visit.handle.settled();
  if (settled !== null) await settled;
  visit.isOver = true;
  addLines(c, visit.handle.takeResponseHeaders());
}

function middlewareMissing(c: Context): ConfigurationError {
  return new ConfigurationError(`The login was asked for at ${c.req.method} ${c.req.path}, before auth.middleware().`, {
    code: "middleware_missing",
    option: "middleware",
    hint: "Add this line above the route: app.use(auth.middleware());",
  });
}
