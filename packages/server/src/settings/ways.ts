import { ConfigurationError, checkMembers, type Members } from "@pixy/core";
import { refuseOption } from "./option-values.ts";
import type { PixyOptions, WayOptions } from "./options.ts";
import { readWay, type Way, type WayPlace } from "./way.ts";

/** The ways to log in to an app, in the order in which they are offered. */
export type Ways = readonly [Way, ...Way[]];

/** What belongs to one way to log in, and is given with `provider` or in each of `providers`. */
export const wayMembers: Members<keyof WayOptions> = {
  ...{
    provider: 1,
    clientId: 1,
    clientAuthentication: 1,
    label: 1,
    scope: 1,
    profile: 1,
    callbackPath: 1,
    redirectUri: 1,
  },
};

const keyShape = /^[a-z0-9-]{1,32}$/;

/**
 * Reads the only provider, or each of `providers`.
 *
 * @throws ConfigurationError that names the option
 */
export function readWays(
  options: Pick<PixyOptions<unknown>, keyof WayOptions | "providers">,
  place: Omit<WayPlace, "key">,
): Ways {
  if (options.providers === undefined) return [readWay(options as WayOptions, { ...place, key: null })];
  const { providers } = options;
  const given = (Object.keys(wayMembers) as (keyof WayOptions)[]).find((name) => options[name] !== undefined);
  if (given !== undefined) throw refuseOption(given, "With `providers`, give it inside each of them.");
  if (typeof providers !== "object" || providers === null) throw refuseProviders();
  const [first, ...more] = Object.entries(providers).map(([key, way]) => within(key, way, place));
  if (first === undefined) throw refuseProviders();
  const ways: Ways = [first, ...more];
  for (const { key, callbackPath } of ways) {
    if (ways.some((other) => other.key !== key && other.callbackPath === callbackPath)) {
      throw refuseOption(
        `providers.${key}.callbackPath`,
        "Give each provider a callback of its own (RFC 9700 section 4.4.2).",
      );
    }
  }
  return ways;
}

function within(key: string, options: Partial<WayOptions>, place: Omit<WayPlace, "key">): Way {
  const path = `providers.${key}`;
  if (!keyShape.test(key))
    throw refuseOption(path, "A key has 1 to 32 of a-z, 0-9 and -: it stands in the callback's URL.");
  checkMembers(path, options, wayMembers);
  try {
    return readWay(options as WayOptions, { ...place, key });
  } catch (error) {
    if (!ConfigurationError.isInstance(error)) throw error;
    const { message, code, option, hint } = error;
    throw new ConfigurationError(`${path}: ${message}`, { code, option: `${path}.${option}`, hint });
  }
}

function refuseProviders(): ConfigurationError {
  return refuseOption("providers", "Give `{ google: { provider, clientId }, … }`, one at least.");
}
