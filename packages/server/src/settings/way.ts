import {
  type Client,
  checkFunctions,
  type FindProvider,
  none,
  type Provider,
  presetProvider,
  printable,
  registeredClient,
} from "@pixy/core";
import type { EmitEvent } from "./events.ts";
import { readLabel, readScope, refuseOption } from "./option-values.ts";
import type { WayOptions } from "./options.ts";
import { foundProvider, givenProvider, type ProviderSource } from "./provider-source.ts";
import { readCallbackPath, readRedirectUri } from "./redirect-uri.ts";

/** One way to log in: a provider, and the app's registration there. */
export interface Way {
  /** Its key in `providers`; `null` for the app's only one. */
  readonly key: string | null;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Below `basePath`, without a final slash. */
  readonly callbackPath: string;
  /** What people read. */
  readonly label: string;
  readonly scope: readonly string[];
  /** Whether logins ask for what the person's profile needs. */
  readonly wantsProfile: boolean;
  readonly provider: ProviderSource;
  /** What logs call the provider, also before it is found. */
  readonly name: string;
  /** The registration as it was given; its provider need not be known yet. */
  readonly registration: Client;
  /** The client of one login: the configured one, or the person's own. */
  client(provider: Provider, clientId?: string): Client;
}

export interface WayPlace {
  readonly key: string | null;
  readonly baseUrl: URL;
  readonly basePath: string;
  readonly authPath: string;
  readonly now: () => number;
  readonly emit: EmitEvent;
  readonly onProvider: (provider: Provider) => void;
}

// What can be checked of a registration before its provider is found.
const notYet = /* @__PURE__ */ presetProvider({
  name: "not found yet",
  issuer: "https://provider.invalid",
  authorizationEndpoint: "https://provider.invalid/authorize",
  tokenEndpoint: "https://provider.invalid/token",
});

/**
 * Checks one way to log in.
 *
 * @throws ConfigurationError that names the option
 */
export function readWay(options: WayOptions, place: WayPlace): Way {
  const { key, baseUrl, basePath, authPath } = place;
  const { provider, clientId } = options;
  if (typeof provider !== "function" && typeof provider?.tokenEndpoint !== "string") {
    throw refuseOption(
      "provider",
      "Give a preset such as `spotify`, a `defineProvider(…)`, or `() => discover(issuer)`.",
    );
  }
  const usualPath = key === null ? `${authPath}/callback` : `${authPath}/callback/${key}`;
  const redirectUri = readRedirectUri(options, baseUrl, basePath, usualPath);
  checkFunctions("", options, ["clientAuthentication"]);
  const authentication = options.clientAuthentication ?? none();
  const make = (given: Provider, id: string): Client =>
    registeredClient({ provider: given, clientId: id, redirectUri, authentication });
  const name = key ?? (typeof provider === "function" ? "the provider" : provider.name);
  let configured = make(typeof provider === "function" ? notYet : provider, clientId);
  return Object.freeze({
    key,
    clientId,
    registration: configured,
    redirectUri,
    callbackPath: readCallbackPath(redirectUri, basePath, authPath),
    label: options.label === undefined ? printable(name, 64) : readLabel(options.label),
    scope: readScope(options.scope ?? []),
    wantsProfile: readProfileOption(options.profile),
    provider: sourceOf(provider, place, (found) => void make(found, clientId)),
    name,
    client(given: Provider, id = clientId) {
      if (id !== clientId) return make(given, id);
      if (configured.provider !== given) configured = make(given, clientId);
      return configured;
    },
  } satisfies Way);
}

function readProfileOption(profile: unknown): boolean {
  if (profile === undefined) return true;
  if (profile === false) return false;
  throw refuseOption("profile", "Give `false`, or leave it out: the profile is described by the provider.");
}

function sourceOf(
  provider: Provider | FindProvider,
  { key, now, emit, onProvider }: WayPlace,
  check: (provider: Provider) => void,
): ProviderSource {
  if (typeof provider !== "function") {
    onProvider(provider);
    return givenProvider(provider);
  }
  return foundProvider(provider, {
    ...{ key, now, emit },
    check(found) {
      check(found);
      onProvider(found);
    },
  });
}
