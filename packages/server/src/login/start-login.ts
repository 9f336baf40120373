import { buildLoginUri, ConfigurationError, checkMembers, type Members } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import { readCookies } from "../web/cookies.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { redirect } from "../web/responses.ts";
import { safeReturnTo } from "../web/return-path.ts";
import type { PendingLogins } from "./attempts.ts";

/** What server code may ask of a login beyond what the login route takes. */
export interface LoginOptions {
  /** Instead of the configured scope. */
  readonly scope?: readonly string[] | undefined;
  /** The person's own registration at the provider; kept with the login and the session. */
  readonly clientId?: string | undefined;
  /** Shows the consent page even if consent was given before. */
  readonly showDialog?: boolean | undefined;
  /** A path of this app. Default: the start page. */
  readonly returnTo?: string | undefined;
  /** Further parameters for the provider; those that carry the protocol are refused. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Octets that the URL and the cookies of a login's answer may fill. With all other headers they stay below 4 kB, since
 * proxies refuse an answer whose headers do not fit into one buffer of theirs.
 */
export const locationRoom = 3_400;

export type StartLogin = (request: IncomingRequest, options?: LoginOptions) => Promise<Response>;

/** Starts logins: keeps the attempt in this browser and sends the person to the provider (RFC 6749 section 4.1.1). */
export function createLogin<Data>(settings: Settings<Data>, pending: PendingLogins): StartLogin {
  return async (request, options = {}) => {
    checkMembers("", options, {
      ...{ scope: 1, clientId: 1, showDialog: 1, returnTo: 1, parameters: 1 },
    } satisfies Members<keyof LoginOptions>);
    const scope = options.scope ?? settings.scope;
    const clientId = options.clientId ?? settings.clientId;
    const returnTo = returnToOf(settings, options.returnTo);
    const { login, challenge } = await pending.begin({ clientId, scope, returnTo });
    const uri = buildLoginUri(settings.client(clientId), {
      scope,
      state: login.state,
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
      ...(options.showDialog === undefined ? {} : { showDialog: options.showDialog }),
      ...(options.parameters === undefined ? {} : { parameters: { ...options.parameters } }),
    });
    const present = readCookies(request.header("cookie"), settings.cookies.login);
    const setCookies = await pending.keep(login, present, locationRoom - uri.href.length);
    settings.emit({ type: "login.started", clientId, scope });
    return redirect(302, uri.href, setCookies);
  };
}

function returnToOf<Data>(settings: Settings<Data>, wanted: string | undefined): string {
  if (wanted === undefined) return settings.homeUrl;
  const safe = safeReturnTo(wanted, settings.baseUrl);
  if (safe !== null) return safe;
  throw new ConfigurationError("The option returnTo cannot be used.", {
    code: "invalid_option",
    option: "returnTo",
    hint: 'Give a path of this app, such as "/playlists?page=2".',
  });
}
