import {
  type Client,
  type ClientAuthentication,
  ConfigurationError,
  checkMembers,
  type FindProvider,
  type Members,
  none,
  type Provider,
} from "@pixy/core";
import { createEmitter, type Emit } from "../events/emitter.ts";
import type { MaybePromise, RecordStore } from "../record/record-store.ts";
import { readSecrets, type SecretInput, type Secrets } from "../sealing/secrets.ts";
import { type GrantEvent, grantLines } from "./grant-event.ts";

/** Your registration at one provider. */
export interface ProviderRegistration {
  /** The authorization server, or a function that finds it at first use: `() => discover(issuer)`. */
  readonly provider: Provider | FindProvider;
  readonly clientId: string;
  /** How the client proves itself; default: a public client, which has no secret. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
}

/** What a store may lack: `index` finds grants (`list`, `upkeep`, `reseal`), `epochs` end all of an owner (`endAll`). */
export type StorePart = "index" | "epochs";

/** Everything is checked when it is given. */
export interface GrantsOptions {
  /** By a key of your choice, which is kept in each grant: `{ spotify: { provider: spotify, clientId } }`. */
  readonly providers: Readonly<Record<string, ProviderRegistration>>;
  /** 32 random bytes as base64url; or `[current, ...previous]` while a secret is replaced. */
  readonly secret: SecretInput;
  /** Where grants live: `memoryStore()` for one process, a shared store for many. */
  readonly store: RecordStore;
  /** Sets the grants of several apps in one store apart. Default `"pixy"`. */
  readonly name?: string | undefined;
  /** Seconds for which a grant is kept that nobody asks for. Default 400 days; `upkeep` counts as asking. */
  readonly idle?: number | undefined;
  /** What the app does without, because its store has none. Default: nothing. */
  readonly without?: readonly StorePart[] | undefined;
  /** Seconds: the longest time for which the provider is left alone after a failed refresh, whatever it asks for. */
  readonly longestPause?: number | undefined;
  readonly onEvent?: ((event: GrantEvent) => unknown) | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

/** The options after they were checked. */
export interface GrantSettings {
  readonly name: string;
  readonly keys: readonly string[];
  readonly secrets: Secrets;
  readonly store: RecordStore;
  /** Milliseconds. */
  readonly idle: number;
  readonly longestPause: number | undefined;
  readonly emit: Emit<GrantEvent>;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  /** Finds the provider of a key. */
  provider(key: string): MaybePromise<Provider>;
  /** The client that a grant was issued to. */
  client(key: string, provider: Provider, clientId?: string): Client;
}

const members = {
  ...{ providers: 1, secret: 1, store: 1, name: 1, idle: 1, without: 1, longestPause: 1, onEvent: 1, fetch: 1, now: 1 },
} satisfies Members<keyof GrantsOptions>;
const ofProvider = { provider: 1, clientId: 1, clientAuthentication: 1 } satisfies Members<keyof ProviderRegistration>;

/**
 * Checks the options in full, without I/O or randomness.
 *
 * @throws ConfigurationError that names the option
 */
export function readGrantsOptions(options: GrantsOptions): GrantSettings {
  checkMembers("", options, members);
  const { providers, store, name = "pixy", onEvent, now = Date.now, longestPause } = options;
  const keys = readProviders(providers);
  if (typeof store?.acquire !== "function") {
    throw refuse(
      "store",
      "Give memoryStore() for one process, or a store that all of yours share, such as redisStore(…).",
    );
  }
  requireParts(store, options.without ?? []);
  if (typeof name !== "string" || !/^[\w.-]{1,64}$/.test(name)) {
    throw refuse("name", "Use letters, digits, ., - and _, at most 64 of them.");
  }
  const client = (key: string, provider: Provider, clientId?: string): Client => {
    const { clientAuthentication = none(), clientId: own } = providers[key] as ProviderRegistration;
    return Object.freeze({
      provider,
      clientId: clientId ?? own,
      redirectUri: "",
      authentication: clientAuthentication,
    });
  };
  for (const key of keys) readSecrets(options.secret, client(key, undefined as never));
  return Object.freeze({
    name,
    keys,
    secrets: readSecrets(options.secret),
    store,
    idle: readSeconds("idle", options.idle ?? 400 * 86_400) * 1000,
    longestPause: longestPause === undefined ? undefined : readSeconds("longestPause", longestPause) * 1000,
    emit: createEmitter(onEvent, grantLines, now),
    now,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    provider: (key) => {
      const { provider } = providers[key] as ProviderRegistration;
      return typeof provider === "function" ? provider() : provider;
    },
    client,
  } satisfies GrantSettings);
}

function readProviders(providers: unknown): readonly string[] {
  const keys = Object.keys((providers as object | undefined) ?? {});
  if (typeof providers !== "object" || Array.isArray(providers) || keys.length === 0) {
    throw refuse("providers", "Give at least one: { spotify: { provider: spotify, clientId } }.");
  }
  for (const [key, registration] of Object.entries(providers as Record<string, ProviderRegistration>)) {
    const option = `providers.${key}`;
    if (!/^[\w.-]{1,64}$/.test(key)) throw refuse(option, "Use 1 to 64 letters, digits, . - _ as key.");
    checkMembers(option, registration, ofProvider);
    const { provider, clientId, clientAuthentication } = registration;
    if (typeof provider !== "function" && typeof provider?.tokenEndpoint !== "string") {
      throw refuse(`${option}.provider`, "Give `spotify`, a `defineProvider(…)`, or () => discover(issuer).");
    }
    if (typeof clientId !== "string" || clientId === "") {
      throw refuse(`${option}.clientId`, "Give the client id of the provider's dashboard; is the variable set?");
    }
    if (clientAuthentication !== undefined && typeof clientAuthentication !== "function") {
      throw refuse(`${option}.clientAuthentication`, "Give secretBasic(…), secretPost(…) or none().");
    }
  }
  return Object.freeze(keys);
}

const uses: Readonly<Record<StorePart, string>> = { index: "list, upkeep and reseal", epochs: "endAll" };

function requireParts(store: RecordStore, without: readonly StorePart[]): void {
  if (!Array.isArray(without) || !without.every((part) => Object.hasOwn(uses, part))) {
    throw refuse("without", 'Give a list of "index" and "epochs".');
  }
  for (const part of ["index", "epochs"] as const) {
    if (store[part] !== undefined || without.includes(part)) continue;
    throw refuse(
      "store",
      `The store ${store.name} has no ${part}, which ${uses[part]} need. Take one that has it, or give without: ["${part}"].`,
    );
  }
}

/** The error of what a store without a part is asked for. */
export function withoutPart(store: RecordStore, part: StorePart): ConfigurationError {
  return refuse("store", `The store ${store.name} has no ${part}, which ${uses[part]} need. Take one that has it.`);
}

function readSeconds(option: string, seconds: unknown): number {
  if (Number.isSafeInteger(seconds) && (seconds as number) > 0) return seconds as number;
  throw refuse(option, "Give whole seconds, 1 or more.");
}

function refuse(option: string, hint: string): ConfigurationError {
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}
