import { checkMembers, type Members } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import { crossSiteRequest, insufficientScope, RequestError } from "../errors.ts";
import type { StartLogin } from "../login/start-login.ts";
import { type CheckGuarded, createAfterLogoutCheck } from "../settings/after-logout.ts";
import { readScope, refuseOption } from "../settings/option-values.ts";
import type { Settings } from "../settings/settings.ts";
import { type IncomingRequest, isFromOwnSite, isNavigation, isPrefetch } from "../web/incoming-request.ts";
import { hasLoginError, withoutLoginError } from "../web/login-error.ts";
import { andThen } from "../web/maybe-promise.ts";
import { empty, redirect } from "../web/responses.ts";
import type { ReturnPath } from "../web/return-path.ts";
import { deliver } from "./deliver.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { loginUrlOf } from "./login-url.ts";
import { publicPath, returnPathOf } from "./origin.ts";
import type { SignedIn } from "./request-handle.ts";
import { routeOf } from "./route.ts";
import { missingOf } from "./step-up.ts";

export interface GuardOptions {
  /** Where the login leads back to. Default: the page that was asked for. */
  readonly returnTo?: string | undefined;
  /** Takes unsafe requests (POST, PUT, PATCH, DELETE) from pages of other sites, too; whoever sends them is logged in. */
  readonly crossSite?: "allow" | undefined;
}

/**
 * Refuses options of a guard that nobody would read, and a scope that nobody can grant.
 *
 * @throws ConfigurationError
 */
export function checkGuardOptions(options: GuardOptions = {}, scope?: readonly string[]): void {
  checkMembers("", options, { returnTo: 1, crossSite: 1 } satisfies Members<keyof GuardOptions>);
  const { crossSite } = options;
  if (crossSite !== undefined && crossSite !== "allow") {
    throw refuseOption("crossSite", 'Give "allow", or leave it out.');
  }
  if (scope !== undefined && readScope(scope).length === 0)
    throw refuseOption("scope", "Name a scope, or guard with requireLogin.");
}

/** What a request gets: its login, or the answer to send instead. */
export type Verdict<Data = unknown, Key extends string | null = string | null> = MaybePromise<
  Response | SignedIn<Data, Key>
>;

const noOptions: GuardOptions = Object.freeze({});

type HandleVerdict<Data> = MaybePromise<Response | Handle<Data>>;

export interface Guard<Data> {
  requireLogin(handle: Handle<Data>, options?: GuardOptions): HandleVerdict<Data>;
  requireScope(handle: Handle<Data>, scope: readonly string[], options?: GuardOptions): HandleVerdict<Data>;
  /** The answer to an error of ours that a handler threw, for the person or the program that asked. */
  answer(handle: Handle<Data>, error: RequestError, options?: GuardOptions): Promise<Response>;
  /** For a guard that redirects by itself: warns once where it stands before the page that a logout leads to. */
  readonly checkGuarded: CheckGuarded;
}

/** Decides what a request without a login or a scope gets. Synchronous where everything is at hand. */
export function createGuard<Data>(settings: Settings<Data>, startLogin: StartLogin): Guard<Data> {
  const warnOfOrder = createOrderWarning(settings);
  const checkGuarded = createAfterLogoutCheck(settings);

  function requireLogin(handle: Handle<Data>, options: GuardOptions = noOptions): HandleVerdict<Data> {
    // Every hot request passes here.
    if (options !== noOptions) checkGuardOptions(options);
    const { method } = handle.request;
    if (method !== "GET" && method !== "HEAD") {
      // A preflight comes without cookies, and asks for nothing but leave.
      if (method === "OPTIONS") return empty(204);
      const { baseUrl, trustedOrigins } = settings;
      if (options.crossSite !== "allow" && !isFromOwnSite(handle.request, baseUrl.origin, trustedOrigins)) {
        return deliver(handle, errorAnswer(settings, handle.request, crossSiteRequest(baseUrl.origin)));
      }
    }
    return andThen<Handle<Data> | RequestError, Response | Handle<Data>>(ready(handle), (result) =>
      result instanceof RequestError ? answer(handle, result, options) : result,
    );
  }

  function requireScope(
    handle: Handle<Data>,
    scope: readonly string[],
    options: GuardOptions = noOptions,
  ): HandleVerdict<Data> {
    return andThen<Response | Handle<Data>, Response | Handle<Data>>(requireLogin(handle, options), (login) => {
      if (login instanceof Response) return login;
      if (scope.every((item) => login.current.scope.includes(item))) return login;
      return stepUp(handle, scope, options);
    });
  }

  async function stepUp(handle: Handle<Data>, scope: readonly string[], options: GuardOptions): Promise<Response> {
    const { request, provider } = handle;
    const { missing, wanted } = await missingOf(settings, handle, scope, request.url);
    if (!isPage(handle) || wanted === null) {
      // A page that goes there is asked for the missing scope.
      const stepUpUrl = wanted === null || request.method !== "GET" ? undefined : publicPath(settings, request);
      return deliver(handle, errorAnswer(settings, request, insufficientScope(missing), { stepUpUrl }));
    }
    const login = startLogin(
      request,
      { ...wanted, returnTo: returnTo(handle, options), ...(provider === null ? {} : { provider }) },
      handle.keepAlive,
    );
    return deliver(
      handle,
      login.catch((error: unknown) => {
        if (!RequestError.isInstance(error)) throw error;
        return errorAnswer(settings, handle.request, error);
      }),
    );
  }

  function answer(handle: Handle<Data>, error: RequestError, options: GuardOptions = {}): Promise<Response> {
    const { request, provider } = handle;
    if (error.status !== 401 || !isPage(handle)) {
      return deliver(handle, errorAnswer(settings, request, error, { loginUrl: loginUrlOf(settings, { provider }) }));
    }
    const loginUrl = loginUrlOf(settings, { provider, returnTo: withoutLoginError(returnTo(handle, options)) });
    checkGuarded(publicPath(settings, request));
    // Somebody who has just clicked "Cancel" at the provider is not sent straight back to it.
    return deliver(
      handle,
      hasLoginError(request.url)
        ? errorAnswer(settings, request, error, { page: true, loginUrl })
        : redirect(302, loginUrl),
    );
  }

  /** Only a page that a person waits for is sent elsewhere; everything else is told. */
  function isPage({ request }: Handle<Data>): boolean {
    if (!isNavigation(request) || isPrefetch(request)) return false;
    if (routeOf(settings, request) === null) return true;
    // To the login from the login, without end.
    warnOfOrder(request);
    return false;
  }

  function returnTo(handle: Handle<Data>, options: GuardOptions): ReturnPath {
    return returnPathOf(settings, options.returnTo ?? publicPath(settings, handle.request));
  }

  return { requireLogin, requireScope, answer, checkGuarded };
}

function ready<Data>(handle: Handle<Data>): MaybePromise<Handle<Data> | RequestError> {
  const caught = (error: unknown): RequestError => {
    if (RequestError.isInstance(error)) return error;
    throw error;
  };
  try {
    const result = handle.ready();
    return result instanceof Promise ? result.catch(caught) : result;
  } catch (error) {
    return caught(error);
  }
}

/**
 * Says once that a guard stands before our routes. They answer every request of theirs, so that in an app that is right
 * none arrives at a guard; without the base path it may be somebody's invention.
 */
function createOrderWarning<Data>(settings: Settings<Data>): (request: IncomingRequest) => void {
  let isSilent = false;
  return (request) => {
    if (isSilent || publicPath(settings, request) !== request.url) return;
    isSilent = true;
    settings.emit({
      type: "set-up.warning",
      code: "guard_before_routes",
      message: "A guard stands before the login's own routes, so that nobody can log in. Mount auth.routes() above it.",
    });
  };
}
