import {
  type Auth,
  createAuth,
  fromRequest,
  type MaybePromise,
  type PixyOptions,
  perEnvironment,
  type RequestContext,
  type RequestHandle,
  type SignedIn,
} from "@pixy/server";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { environmentOf } from "./environment.ts";
import { addHeaders, answer } from "./response.ts";

/** What a Hono app declares so that `c.var.auth` is typed where no guard says it: `new Hono<AuthEnv<Data>>()`. */
export interface AuthEnv<Data = undefined> {
  Variables: { auth: RequestHandle<Data> };
}

/** The same behind a guard: somebody is signed in. */
export interface SignedInEnv<Data = undefined> {
  Variables: { auth: SignedIn<Data> };
}

type LoginOptions = NonNullable<Parameters<Auth<unknown>["login"]>[1]>;
type GuardOptions = NonNullable<Parameters<Auth<unknown>["requireLogin"]>[1]>;

/** Login, callback, logout, session and guards for a Hono app. */
export interface Pixy<Data> {
  /** A sub-app with the login, callback, logout and session routes; mount it at `authPath`. */
  routes(): Hono;
  /** Attaches the handle of the request as `c.var.auth`, without work until it is asked. Its changes reach the response. */
  middleware(): MiddlewareHandler<AuthEnv<Data>>;
  /** Lets signed-in requests through, with `c.var.auth` typed as such: redirects navigations, answers calls with 401. */
  requireLogin(options?: GuardOptions): MiddlewareHandler<SignedInEnv<Data>>;
  /** Lets through what has these scopes too: asks for consent on navigations, answers calls with 403. */
  requireScope(...scope: readonly string[]): MiddlewareHandler<SignedInEnv<Data>>;
  /** The handle of this request; tells two instances in one app apart. Throws where `middleware()` has not run. */
  of(c: Context): RequestHandle<Data>;
  /** Starts a login from a handler: return the response. */
  login(c: Context, options?: LoginOptions): Promise<Response>;
  /** Ends the session from a handler. */
  logout(c: Context): Promise<void>;
}

interface Visit<Data> {
  readonly auth: Auth<Data>;
  readonly handle: RequestHandle<Data>;
  /** The response carries its own headers, or the app's response has been given them: nothing can be added. */
  sent: boolean;
}

type Guard<Data> = (visit: Visit<Data>) => MaybePromise<Response | SignedIn<Data>>;

/**
 * Makes the login of a Hono app. Options that depend on bindings are given as a function, which runs once per
 * environment object. Throws `ConfigurationError`: at once for an object, on the first request for a function.
 */
export function pixy<Data = undefined>(options: PixyOptions<Data>): Pixy<Data>;
export function pixy<Environment extends object, Data = undefined>(
  options: (environment: Environment) => PixyOptions<Data>,
): Pixy<Data>;
export function pixy<Data>(options: PixyOptions<Data> | ((environment: object) => PixyOptions<Data>)): Pixy<Data> {
  const authOf = fixed(options);
  const visits = new WeakMap<Context, Visit<Data>>();

  function visitOf(c: Context): Visit<Data> {
    const visit = visits.get(c);
    if (visit) return visit;
    throw new Error("There is no login on this request. Put `app.use(auth.middleware())` above the route.");
  }

  function begin(c: Context): Visit<Data> {
    const auth = authOf(c);
    const context = { ...contextOf(c), canSetCookies: () => !visit.sent };
    const visit: Visit<Data> = { auth, handle: auth.open(fromRequest(c.req.raw), context), sent: false };
    visits.set(c, visit);
    return visit;
  }

  function guarded<Env extends AuthEnv<Data>>(guard?: Guard<Data>): MiddlewareHandler<Env> {
    return async function pixyMiddleware(c, next) {
      const known = visits.get(c);
      const visit = known ?? begin(c);
      const handle = guard ? await judge(guard, visit) : visit.handle;
      if (!("session" in handle)) {
        visit.sent = true;
        return answer(c, handle);
      }
      c.set("auth", handle);
      await next();
      // The outermost of ours has the last word on the response.
      if (!known) await end(c, visit);
    };
  }

  return {
    routes: () => new Hono().all("*", async (c) => answer(c, await authOf(c).handle(c.req.raw, contextOf(c)))),
    middleware: () => guarded(),
    requireLogin: (guard) => guarded(({ auth, handle }) => auth.requireLogin(handle, guard)),
    requireScope: (...scope) => guarded(({ auth, handle }) => auth.requireScope(handle, scope)),
    of: (c) => visitOf(c).handle,
    async login(c, login) {
      const visit = visitOf(c);
      const response = await visit.auth.login(visit.handle, login);
      visit.sent = true;
      return response;
    },
    async logout(c) {
      const { auth, handle } = visitOf(c);
      await auth.logout(handle);
    },
  };

  function fixed(given: typeof options): (c: Context) => Auth<Data> {
    if (typeof given === "function") {
      const resolve = perEnvironment(given);
      return (c) => resolve(environmentOf(c));
    }
    const auth = createAuth(given);
    return () => auth;
  }
}

/** A guard that cannot decide, because a store is down, answers by itself: Hono's error handler need not know. */
async function judge<Data>(guard: Guard<Data>, visit: Visit<Data>): Promise<Response | SignedIn<Data>> {
  try {
    return await guard(visit);
  } catch (error) {
    const response = visit.auth.errorResponse(error, visit.handle);
    if (response) return response;
    throw error;
  }
}

async function end<Data>(c: Context, visit: Visit<Data>): Promise<void> {
  if (visit.sent) return;
  visit.sent = true;
  // Hono has made a response of the error already; one that the app's own `onError` chose stays.
  const response = c.error && c.res.status === 500 ? visit.auth.errorResponse(c.error, visit.handle) : null;
  if (response) answer(c, await response);
  else addHeaders(c, visit.handle.responseHeaders());
}

/** Workers stop what nobody waits for when the client goes away; elsewhere `executionCtx` throws, and nothing is stopped. */
function contextOf(c: Context): RequestContext {
  return {
    waitUntil(promise) {
      try {
        c.executionCtx.waitUntil(promise);
      } catch {}
    },
  };
}
