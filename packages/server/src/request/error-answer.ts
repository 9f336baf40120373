import type { PixyError } from "@pixy/core";
import type { RequestError } from "../errors.ts";
import type { Settings } from "../settings/settings.ts";
import { htmlPage, pageHeaders } from "../web/html-page.ts";
import { becomesPage, type IncomingRequest, isPrefetch } from "../web/incoming-request.ts";
import { json, privately, privatePage } from "../web/responses.ts";

/** An error as its person reads it (a page) or its program (JSON). */
export async function errorAnswer<Data>(
  settings: Settings<Data>,
  request: IncomingRequest,
  error: RequestError,
  options: {
    readonly page?: boolean;
    readonly loginUrl?: string;
    readonly stepUpUrl?: string | undefined;
    /** A login with us would not help. */
    readonly withoutLogin?: boolean;
  } = {},
): Promise<Response> {
  const own = await ownPage(settings, request, error);
  if (own) return own;
  const { status, headers, code, reason, message, hint } = error;
  if (options.page ?? (becomesPage(request) && !isPrefetch(request))) {
    const login = { label: "Log in", href: options.loginUrl ?? settings.loginUrl };
    const home = { label: "Go to the start page", href: settings.homeUrl };
    const links = options.withoutLogin ? [home] : [login, home];
    const page = htmlPage({ title: message, text: wordsFor(error), code: reason ?? code, links });
    return new Response(page, { status, headers: { ...privately, ...headers, ...pageHeaders } });
  }
  const helps = status === 401 ? { loginUrl: options.loginUrl ?? settings.loginUrl } : {};
  const { stepUpUrl } = options;
  return json(status, { code, message, hint, ...helps, ...(stepUpUrl === undefined ? {} : { stepUpUrl }) }, headers);
}

async function ownPage<Data>(
  settings: Settings<Data>,
  request: IncomingRequest,
  error: PixyError,
): Promise<Response | null> {
  const own = await settings.onError?.(error, request);
  return own ? privatePage(own) : null;
}

/** The hint of an error speaks to the developer; this speaks to the person. */
function wordsFor(error: RequestError): string {
  switch (error.code) {
    case "login_not_found":
    case "login_expired":
      return "This login was started in another browser, was finished already, or has taken too long. Please start again.";
    case "callback_invalid":
    case "login_refused":
    case "foreign_api":
    case "form_unusable":
      return "The login provider's answer could not be used. Please start again.";
    case "login_denied":
      return "This app does not let this account in. If that is wrong, ask whoever runs it, with the code below.";
    case "login_handler_failed":
    case "profile_unavailable":
    case "too_many_logins":
    case "provider_unavailable":
    case "provider_misconfigured":
    case "store_unavailable":
    case "store_full":
    case "refresh_needed":
      return "Nothing is lost. Please try again in a moment.";
    case "connect_refused":
    case "cross_site_request":
    case "method_not_allowed":
      return "Nothing was changed. Please start again from the page where you were.";
    case "insufficient_scope":
      return "You did not give this permission, so this page cannot be shown.";
    default:
      return "Please log in to go on.";
  }
}
