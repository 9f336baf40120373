import {
  type AttemptAddition,
  type AttemptExtra,
  buildLoginUri,
  ConfigurationError,
  checkMembers,
  type Members,
} from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import { readCookies } from "../web/cookies.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { redirect } from "../web/responses.ts";
import { safeReturnTo } from "../web/return-path.ts";
import type { Attempts } from "./attempts.ts";

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
export function createStartLogin<Data>(settings: Settings<Data>, attempts: Attempts): StartLogin {
  return async (request, options = {}) => {
    checkMembers("", options, {
      ...{ scope: 1, clientId: 1, showDialog: 1, returnTo: 1, parameters: 1 },
    } satisfies Members<keyof LoginOptions>);
    const scope = options.scope ?? settings.scope;
    const clientId = options.clientId ?? settings.clientId;
    const returnTo = returnToOf(settings, options.returnTo);
    const { attempt, challenge: codeChallenge } = await attempts.begin({ clientId, scope, returnTo });
    const { state } = attempt;
    const added = await settings.provider.authorizationParameters?.({ clientId, scope, state, codeChallenge });
    const uri = buildLoginUri(settings.client(clientId), {
      scope,
      state,
      codeChallenge,
      codeChallengeMethod: "S256",
      ...(options.showDialog === undefined ? {} : { showDialog: options.showDialog }),
      parameters: { ...options.parameters, ...added?.parameters },
    });
    const present = readCookies(request.header("cookie"), settings.cookies.attempt);
    const setCookies = await attempts.keep(
      { ...attempt, extra: readExtra(added) },
      present,
      locationRoom - uri.href.length,
    );
    settings.emit({ type: "login.started", clientId, scope });
    return redirect(302, uri.href, setCookies);
  };
}

/** Octets, as JSON, for what a provider keeps with an attempt; the cookie has room for it. */
const extraRoom = 512;

function readExtra({ extra = {} }: AttemptAddition = {}): AttemptExtra {
  const size = new TextEncoder().encode(JSON.stringify(extra)).length;
  if (size <= extraRoom && Object.values(extra).every((text) => typeof text === "string")) return extra;
  throw new ConfigurationError("What the provider keeps with the attempt cannot be used.", {
    code: "invalid_option",
    option: "provider.authorizationParameters",
    hint: `Return texts as extra, together at most ${extraRoom} octets as JSON.`,
  });
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
