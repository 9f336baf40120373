import {
  type AttemptAddition,
  type AttemptExtra,
  buildLoginUri,
  type Client,
  ConfigurationError,
  pushedLoginUri,
  TokenRequestError,
} from "@pixy/core";
import { providerMisconfigured, providerUnavailable } from "../errors.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import { remember } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { Way } from "../settings/way.ts";
import { readCookies } from "../web/cookies.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { redirect } from "../web/responses.ts";
import type { Attempts } from "./attempts.ts";
import type { LoginWish } from "./login-options.ts";

/**
 * Octets that the URL and the cookies of a login's answer may fill. With all other headers they stay below 4 kB, since
 * proxies refuse an answer whose headers do not fit into one buffer of theirs.
 */
export const locationRoom = 3_400;

/**
 * @throws ConfigurationError for a provider that the app does not have, and for parameters that carry the protocol
 * @throws RequestError where the provider cannot be found, or does not take the login
 */
export type StartLogin = (
  request: IncomingRequest,
  wish?: LoginWish,
  keepAlive?: KeepAlive,
  /** A digest of the app's user whose account is connected. */
  owner?: string | null,
) => Promise<Response>;

/** Starts logins: keeps the attempt in this browser and sends the person to the provider (RFC 6749 section 4.1.1). */
export function createStartLogin<Data>(settings: Settings<Data>, attempts: Attempts): StartLogin {
  return async (request, wish = {}, keepAlive, owner = null) => {
    const way = wayOf(settings, wish.provider);
    const { clientId = way.clientId, returnTo = settings.homeUrl } = wish;
    const provider = await way.provider.find(keepAlive);
    const forProfile = way.wantsProfile ? (provider.profile?.scopes ?? []) : [];
    const scope = [...new Set([...(wish.scope ?? way.scope), ...forProfile])];
    const wanted = { clientId, scope, returnTo, owner, ...remember(way, provider) };
    const { attempt, challenge: codeChallenge } = await attempts.begin(wanted);
    const { state } = attempt;
    // Who connects an account and has several shall see which one it is.
    const choice = owner === null ? {} : provider.parameters?.accountChoice;
    const parameters = { ...choice, ...wish.parameters };
    const start = { clientId, scope, state, codeChallenge, parameters };
    const added = await provider.authorizationParameters?.(start);
    const client = way.client(provider, clientId);
    const asked = buildLoginUri(client, {
      scope,
      state,
      codeChallenge,
      codeChallengeMethod: "S256",
      parameters: { ...parameters, ...added?.parameters },
    });
    const uri = await push(client, asked);
    const present = readCookies(request.header("cookie"), settings.cookies.attempt);
    const cookies = await attempts.keep(
      { ...attempt, extra: readExtra(added) },
      present,
      locationRoom - uri.href.length,
    );
    settings.emit({ type: "login.started", provider: way.key, clientId, scope });
    // A POST began to connect.
    return redirect(owner === null ? 302 : 303, uri.href, cookies);
  };
}

/** Sends the login to the provider where it wants that; what fails is told as where the provider is not to be had. */
async function push(client: Client, uri: URL): Promise<URL> {
  try {
    return await pushedLoginUri(client, uri);
  } catch (error) {
    if (!TokenRequestError.isInstance(error)) throw error;
    const wait = (error.retryAfter ?? 1) * 1000;
    throw error.outcome === "unavailable" ? providerUnavailable(wait, error) : providerMisconfigured(wait, error);
  }
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

function wayOf<Data>(settings: Settings<Data>, key: string | undefined): Way {
  const way = settings.way(key ?? null);
  if (way !== undefined) return way;
  const [{ key: only }] = settings.ways;
  throw new ConfigurationError("The option provider cannot be used.", {
    code: "invalid_option",
    option: "provider",
    hint:
      only === null
        ? "Leave it out: this app has one provider."
        : `Give one of the keys of \`providers\`: ${settings.ways.map((one) => one.key).join(", ")}.`,
  });
}
