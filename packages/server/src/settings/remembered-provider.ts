import type { Provider } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import { loginRequired } from "../errors.ts";
import type { Settings } from "./settings.ts";
import type { Way } from "./way.ts";

/** A provider as attempts and sessions remember it: tokens go back to where they came from, and nowhere else. */
export interface RememberedProvider {
  /** The key of its way to log in; `null` for the app's only one. */
  readonly provider: string | null;
  readonly issuer: string;
  /** Its token endpoint at the time of the login, where the provider is found at first use; else `null`. */
  readonly tokenEndpoint: string | null;
}

/** A provider that is known, with the way to it. */
export interface Recalled {
  readonly way: Way;
  readonly provider: Provider;
}

/** How a provider is remembered. */
export function remember({ key, provider: source }: Way, provider: Provider): RememberedProvider {
  const { issuer, tokenEndpoint } = provider;
  return { provider: key, issuer, tokenEndpoint: source.isFound ? tokenEndpoint : null };
}

/** What a seal in the cookie of this name is bound to. */
export function contextOf<Data>(settings: Settings<Data>, remembered: RememberedProvider, cookie: string): string[] {
  const { provider, issuer } = remembered;
  const clientId = settings.way(provider)?.clientId ?? "";
  return [issuer, clientId, cookie, ...(provider === null ? [] : [provider])];
}

/**
 * The provider that a seal was made for; `null` for none of this app's. A seal without a key is one of before there were
 * several: it belongs to the first with the same issuer and client id.
 */
export function readContext<Data>(
  { ways }: Settings<Data>,
  context: readonly string[],
  cookie: string,
): Pick<RememberedProvider, "provider" | "issuer"> | null {
  const [issuer, clientId, name, key = null] = context;
  if (issuer === undefined || name !== cookie || context.length > 4) return null;
  const way = ways.find(
    ({ key: own, clientId: ownId, provider: { known } }) =>
      (key === null || key === own) && ownId === clientId && (known === null || known.issuer === issuer),
  );
  return way === undefined ? null : { provider: way.key, issuer };
}

/**
 * Finds the provider again that is remembered. Where its metadata names a token endpoint at another origin by now, the
 * remembered one stays in use.
 *
 * @throws RequestError `login_required` where another issuer took its place, `provider_unavailable`,
 *   `provider_misconfigured`
 */
export function recall<Data>(
  settings: Settings<Data>,
  remembered: RememberedProvider,
  keepAlive?: (promise: Promise<unknown>) => void,
): MaybePromise<Recalled> {
  const way = settings.way(remembered.provider);
  if (way === undefined) throw loginRequired();
  const settle = (found: Provider): Recalled => {
    if (found.issuer !== remembered.issuer) throw loginRequired();
    return { way, provider: asAtLogin(found, remembered.tokenEndpoint) };
  };
  const found = way.provider.find(keepAlive);
  return found instanceof Promise ? found.then(settle) : settle(found);
}

function asAtLogin(provider: Provider, tokenEndpoint: string | null): Provider {
  if (tokenEndpoint === null || isSameOrigin(provider.tokenEndpoint, tokenEndpoint)) return provider;
  const { revocationEndpoint, refreshEndpoint, ...rest } = provider;
  const others = Object.entries({ revocationEndpoint, refreshEndpoint }).filter(
    ([, endpoint]) => endpoint !== undefined && isSameOrigin(endpoint, tokenEndpoint),
  );
  return Object.freeze({ ...rest, tokenEndpoint, ...Object.fromEntries(others) });
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}
