import { PixyError, type PixyErrorInput, printable } from "@pixy/core";

/** The codes that a request can be answered with; `docs/errors.md` has each. */
export type RequestErrorCode =
  | "login_required"
  | "reauth_required"
  | "insufficient_scope"
  | "not_allowed"
  | "cross_site_request"
  | "not_a_navigation"
  | "method_not_allowed"
  | "not_found"
  | "form_unusable"
  | "login_not_found"
  | "login_expired"
  | "login_refused"
  | "login_denied"
  | "too_many_logins"
  | "callback_invalid"
  | "login_handler_failed"
  | "profile_unavailable"
  | "profile_of_another"
  | "foreign_api"
  | "connect_refused"
  | "refresh_needed"
  | "provider_unavailable"
  | "provider_misconfigured"
  | "store_unavailable"
  | "store_full";

interface RequestErrorInput extends PixyErrorInput {
  readonly code: RequestErrorCode;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/**
 * Says why a request is not answered as asked. `status` and `headers` are those of the answer, so that a framework's
 * own error handler does something sensible too.
 */
export class RequestError extends PixyError {
  override readonly name: string = "RequestError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Marks the message as fit for the person who reads the answer; Express and Koa ask for it. */
  readonly expose: boolean = true;
  /** What Next tells `error.tsx` of an error, and keeps of one that has it: `pixy/` and the code. */
  readonly digest: string;
  /** What the app gave to `login.refuse`, with the code `login_denied`. */
  readonly reason: string | undefined;

  constructor(message: string, input: RequestErrorInput) {
    super(message, input);
    this.status = input.status;
    this.digest = `pixy/${input.code}`;
    this.reason = input.reason;
    this.headers = Object.freeze({ "cache-control": "private, no-store", vary: "Cookie", ...input.headers });
  }

  static override isInstance(value: unknown): value is RequestError {
    return PixyError.isInstance(value) && value.name === "RequestError";
  }

  /** Holds the place of the answer; Hono asks for it, and prints each error that has none. */
  getResponse(): Response {
    return new Response(null, { status: 500 });
  }
}

export function loginRequired(): RequestError {
  return new RequestError("Nobody is logged in.", {
    code: "login_required",
    status: 401,
    hint: "Send the person to the login route.",
    headers: { "www-authenticate": 'Bearer realm="login"' },
  });
}

/** - `ended`: nothing is left of the login. `refused`: it is kept, and a login helps now. `no refresh token`: it had none. */
export function reauthRequired(why: "ended" | "refused" | "no refresh token", cause?: unknown): RequestError {
  const hints = {
    ended: "Send the person to the login route; the refresh token no longer works.",
    refused: "Send the person to the login route; the refresh token is kept and tried again later.",
    "no refresh token":
      "Send the person to the login route. The provider gave no refresh token: some want the scope offline_access, prompt=consent or access_type=offline for one.",
  };
  return new RequestError("This login cannot be renewed.", {
    code: "reauth_required",
    status: 401,
    hint: hints[why],
    headers: { "www-authenticate": 'Bearer realm="login", error="invalid_token"' },
    cause,
  });
}

export function crossSiteRequest(origin: string): RequestError {
  return new RequestError("This request came from a page of another site.", {
    code: "cross_site_request",
    status: 403,
    hint: `Send it from ${origin}, name the other origin in trustedOrigins, or give the guard { crossSite: "allow" }.`,
  });
}

export function notFound(what: "login" | "route", hint: string): RequestError {
  return new RequestError(`There is no such ${what}.`, { code: "not_found", status: 404, hint });
}

export function methodNotAllowed(route: string, method: string, allowed: readonly string[]): RequestError {
  return new RequestError(`The ${route} route does not take ${method}.`, {
    code: "method_not_allowed",
    status: 405,
    hint: `Use ${allowed.join(" or ")}.`,
    headers: { allow: allowed.join(", ") },
  });
}

export function insufficientScope(scope: readonly string[]): RequestError {
  return new RequestError("This needs a permission that has not been given.", {
    code: "insufficient_scope",
    status: 403,
    hint: `Open this page in the browser to be asked for: ${scope.join(" ")}.`,
    headers: { "www-authenticate": `Bearer realm="login", error="insufficient_scope", scope="${scope.join(" ")}"` },
  });
}

/** `wait` is in milliseconds. */
export function providerUnavailable(wait: number, cause?: unknown): RequestError {
  return new RequestError("The login provider cannot be reached at the moment.", {
    code: "provider_unavailable",
    status: 503,
    hint: "Try again after the seconds in Retry-After. Sessions are kept.",
    headers: retryAfter(wait),
    cause,
  });
}

export function tooManyLogins(): RequestError {
  return new RequestError("Too many logins are being finished at the moment.", {
    code: "too_many_logins",
    status: 503,
    hint: "Load the page again after the seconds in Retry-After: the login is kept. Is the provider slow?",
    headers: { "retry-after": "1" },
  });
}

export function providerMisconfigured(wait: number, cause?: unknown): RequestError {
  return new RequestError("The login provider does not accept this app at the moment.", {
    code: "provider_misconfigured",
    status: 503,
    hint: "Compare client id, client authentication and token endpoint with the registration at the provider. Sessions are kept.",
    headers: retryAfter(wait),
    cause,
  });
}

export function storeUnavailable(cause: unknown): RequestError {
  return new RequestError("The session store cannot be reached at the moment.", {
    code: "store_unavailable",
    status: 503,
    hint: "Check the connection of the session store. Sessions are kept.",
    headers: { "retry-after": "1" },
    cause,
  });
}

/** A new session has no room, and nobody else's makes any. */
export function storeFull(cause: unknown): RequestError {
  return new RequestError("There is no room for another login at the moment.", {
    code: "store_full",
    status: 503,
    hint: "Raise `maxSessions` of the memory store, or keep sessions in Redis, in Postgres or in Durable Objects. Whoever is logged in stays so.",
    headers: { "retry-after": "60" },
    cause,
  });
}

/** `route` is the path of the app's refresh route. */
export function refreshNeeded(route: string): RequestError {
  return new RequestError("The access token has expired, and it cannot be refreshed here.", {
    code: "refresh_needed",
    status: 503,
    hint: `Redirect to ${route}?returnTo=…, refresh where cookies can be set (route handler, action, before headers are sent), or use a store.`,
    headers: { "retry-after": "1" },
  });
}

/** What was changed would be lost with its cookie. */
export function updateNeedsCookie(): RequestError {
  return new RequestError("The session cannot be changed here.", {
    code: "refresh_needed",
    status: 503,
    hint: "Change it where cookies can be written (route handler, Server Action, before the headers are sent), or use a session store.",
    headers: { "retry-after": "1" },
  });
}

/** The app does not let this person in. */
export function loginDenied(reason: string): RequestError {
  return new RequestError("You cannot log in here with this account.", {
    code: "login_denied",
    status: 403,
    hint: `onLogin refused this person: ${reason}.`,
    reason,
  });
}

/** The provider gave tokens, and does not say whose they are. */
export function profileUnavailable(cause: unknown): RequestError {
  return new RequestError("The login could not be finished.", {
    code: "profile_unavailable",
    status: 503,
    hint: "The provider did not say who the person is. See the cause. The tokens were revoked, and nobody is logged in.",
    headers: { "retry-after": "1" },
    cause,
  });
}

/** The provider's API spoke of somebody else than the answer that brought the token. */
export function profileOfAnother(): RequestError {
  return new RequestError("The login could not be finished.", {
    code: "profile_of_another",
    status: 403,
    hint: "The profile names another person than the login's claims. The tokens were revoked, and nobody is logged in.",
  });
}

/** The provider named an API that is not its own; of what it named only the origin is told. */
export function foreignApi(member: string, value: unknown): RequestError {
  const origin = typeof value === "string" && URL.canParse(value) ? new URL(value).origin : "no URL";
  return new RequestError("The login could not be finished.", {
    code: "foreign_api",
    status: 502,
    hint: `The provider's ${member} is ${printable(origin, 300)}, which is not https at a host in the provider's \`apiFrom\`. The tokens were revoked, and nobody is logged in.`,
  });
}

/** Whole seconds, at least one. */
function retryAfter(milliseconds: number) {
  return { "retry-after": String(Math.max(1, Math.ceil(milliseconds / 1000))) };
}

/** - `nobody`: no user of the app is there. `another user`: not the one who began. The others: as `GrantError` says. */
export function connectRefused(
  why: "nobody" | "another user" | "account taken" | "another account",
  cause?: unknown,
): RequestError {
  const words = {
    nobody: [
      "Nobody is logged in here to connect an account to.",
      "Give `owner`, and let `ownerOf` find the same one at the callback. Is the app's session middleware above auth.routes()?",
    ],
    "another user": [
      "Another user began to connect this account.",
      "The user changed before the callback. Begin again as the one who is logged in now.",
    ],
    "account taken": [
      "This account is connected to another user already.",
      'Disconnect it there first, or give onConflict: "replace".',
    ],
    "another account": [
      "Another account is connected here already.",
      'Disconnect it first, or give onConflict: "replace".',
    ],
  } as const;
  const [message, hint] = words[why];
  return new RequestError(message, { code: "connect_refused", status: 403, hint, cause });
}
