import { ConfigurationError, checkMembers, type Members } from "@pixy/core";
import { digest } from "@pixy/grants";
import { connectRefused, RequestError } from "../errors.ts";
import type { Attempt } from "../login/attempt.ts";
import { type LoginOptions, readLoginOptions } from "../login/login-options.ts";
import type { Logins } from "../login/logins.ts";
import type { Connecting } from "../settings/connect.ts";
import type { Settings } from "../settings/settings.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { htmlPage, pageHeaders } from "../web/html-page.ts";
import { isPrefetch, isSameOrigin } from "../web/incoming-request.ts";
import { empty, privately, redirect } from "../web/responses.ts";
import { type SetCookie, setCookies } from "../web/set-cookie.ts";
import { errorAnswer } from "./error-answer.ts";
import type { Handle } from "./handle.ts";
import { publicPath } from "./origin.ts";
import { unfinishedCallback } from "./unfinished-callback.ts";

/** Whose account is connected, and where the person goes then. */
export interface ConnectRequest<Key extends string | null = string | null> extends Omit<LoginOptions<Key>, "clientId"> {
  /** Your own id of the user who is logged in to your app; nobody is refused. */
  readonly owner: string | null | undefined;
}

const members = {
  ...{ owner: 1, provider: 1, scope: 1, returnTo: 1, parameters: 1 },
} satisfies Members<keyof ConnectRequest>;

/**
 * Begins to connect an account at a provider to a user that the app names: by a form of our own origin only, or a page
 * elsewhere could connect its own account to whoever visits it. The app's session and ours are left alone.
 */
export async function startConnect<Data>(
  settings: Settings<Data>,
  logins: Logins,
  handle: Handle<Data>,
  wanted: ConnectRequest,
): Promise<Response> {
  const { request } = handle;
  checkMembers("", wanted, members);
  const { owner, ...options } = wanted;
  if (settings.connecting === null) {
    const hint = "Give pixy({ grants: createGrants(…), ownerOf: (request) => request.user?.id ?? null, … }).";
    throw new ConfigurationError(`There is nowhere to keep what is connected. ${hint}`, {
      ...{ code: "invalid_option", option: "grants", hint },
    });
  }
  if (isPrefetch(request)) return empty(204);
  if (request.method !== "POST") {
    const error = new RequestError("An account is connected by a POST.", {
      ...{ code: "method_not_allowed", status: 405, headers: { allow: "POST" } },
      hint: 'Send a form: <form method="post">. A link could be on any page.',
    });
    return refusal(settings, handle, error);
  }
  if (!isSameOrigin(request, settings.baseUrl.origin)) {
    const error = new RequestError("An account is connected from a page of this app.", {
      ...{ code: "cross_site_request", status: 403 },
      hint: `Send the form from ${settings.baseUrl.origin}, or set Origin to it.`,
    });
    return refusal(settings, handle, error);
  }
  if (owner === null || owner === undefined || owner === "") {
    return refusal(settings, handle, connectRefused("nobody"));
  }
  if (typeof owner !== "string") {
    const hint = "Give your own id of the user as text, such as String(user.id).";
    throw new ConfigurationError(`The option owner cannot be used. ${hint}`, {
      ...{ code: "invalid_option", option: "owner", hint },
    });
  }
  return logins.start(request, readLoginOptions(settings, options), handle.keepAlive, await digest(owner));
}

/** In the callback's query: the page that carried the person here came from this app, and brought its strict cookies. */
const again = "again";

/** Finishes it: the user who is there now has to be the one who began. */
export async function finishConnect<Data>(
  settings: Settings<Data>,
  logins: Logins,
  handle: Handle<Data>,
  { attempt, parameters, present }: ConnectCallback,
): Promise<Response> {
  const { request } = handle;
  const owner = (await (settings.connecting as Connecting | null)?.ownerOf(handle.original)) || null;
  // A posted callback comes from a page of our own already, and could not be asked for again.
  if (owner === null && request.method !== "POST" && !parameters.has(again))
    return comeAgain(`${publicPath(settings, request)}&${again}=1`);
  const done = await logins.spend(attempt, present);
  if (owner === null) return refusal(settings, handle, connectRefused("nobody"), done);
  if ((await digest(owner)) !== attempt.owner) return refusal(settings, handle, connectRefused("another user"), done);
  try {
    await logins.connect(attempt, parameters, owner, handle.keepAlive);
    return redirect(303, attempt.returnTo, done);
  } catch (error) {
    return unfinishedCallback(settings, error, { attempt, done }, (failure, { cookies } = {}) =>
      refusal(settings, handle, failure, cookies),
    );
  }
}

export interface ConnectCallback {
  readonly attempt: Attempt;
  readonly parameters: URLSearchParams;
  readonly present: readonly CookieEntry[];
}

/** A page of our own that asks for the same once more: browsers send SameSite=Strict cookies from there. */
function comeAgain(path: string): Response {
  const page = htmlPage({
    title: "One moment",
    text: "Your account is being connected.",
    links: [{ label: "Go on", href: path }],
  });
  return new Response(page, { headers: { ...privately, ...pageHeaders, refresh: `0; url=${path}` } });
}

async function refusal<Data>(
  settings: Settings<Data>,
  { request }: Handle<Data>,
  error: RequestError,
  cookies: readonly SetCookie[] = [],
): Promise<Response> {
  settings.emit({ type: "login.failed", code: error.code, error });
  const response = await errorAnswer(settings, request, error, { page: true, withoutLogin: true });
  setCookies(response.headers, cookies);
  return response;
}
