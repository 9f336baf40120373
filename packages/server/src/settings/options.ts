import type { ClientAuthentication, FindProvider, PixyError, Provider } from "@pixy/core";
import type { Grants, MaybePromise, RecordStore, SecretInput } from "@pixy/grants";
import type { IncomingRequest } from "../web/incoming-request.ts";
import type { EmitEvent } from "./events.ts";
import type { LoginHandler, NewLogin } from "./login-handler.ts";
import type { Profile } from "./profile.ts";
import type { PublicDataOption } from "./public-data.ts";

/** One way to log in: a provider, and the app's registration there. */
export interface WayOptions {
  /** The authorization server: a preset, a `defineProvider(…)`, or `() => discover(issuer)`, which is asked at first use. */
  readonly provider: Provider | FindProvider;
  /** The client id of your registration at the provider. */
  readonly clientId: string;
  /** How the client proves itself; the default is a public client with PKCE, which has no secret. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** What people read on the page where they choose a provider. Default: its key. */
  readonly label?: string | undefined;
  /** What every login asks for. */
  readonly scope?: readonly string[] | undefined;
  /** `false`: the person's profile is not asked for, nor the scopes that it needs. */
  readonly profile?: false | undefined;
  /** Where the callback is, below `baseUrl`, if it is not `authPath` + `/callback`, or `/callback/KEY` with several providers. */
  readonly callbackPath?: string | undefined;
  /** The redirect URI as it is registered, byte for byte, if it is not `baseUrl` + the callback's path. */
  readonly redirectUri?: string | undefined;
}

/** One way to log in with a provider of `grants`, which has the rest. */
export type GrantWayOptions = Partial<WayOptions> & { readonly [Name in FromGrants]?: never };
type FromGrants = "provider" | "clientId" | "clientAuthentication";

// biome-ignore lint/suspicious/noExplicitAny: each framework has a request of its own.
export type OwnerOf = (request: any) => MaybePromise<string | null | undefined>;
export type AccountOf = (login: NewLogin) => MaybePromise<string>;

/** Names the person of a login, by the app's own id. */
export type OwnerOfLogin = (login: NewLogin) => MaybePromise<string>;

/** For an app whose grants are at one place: its sessions share them, or its own users connect their accounts. */
export interface ConnectOptions {
  /** Where the grants of your users are kept. Provider, client and secret come from there, and are given nowhere else. */
  readonly grants?: Grants | undefined;
  /**
   * Whose login it is, by your own id: all sessions of this owner share one grant, with your jobs. Called once for a login,
   * and sealed. Without it, and without `ownerOf`, an owner is the provider's key and the account's id there.
   */
  readonly owner?: OwnerOfLogin | undefined;
  /**
   * Who of your users sends a request, by your own id; `null` for nobody. Asked as the person comes back. It gets the
   * framework's own request: Express's `req`, Hono's `c`, Next's `request`.
   */
  readonly ownerOf?: OwnerOf | undefined;
  /** The id of the account at the provider, which belongs to one user of yours. Default: `sub`, or the `id` of the profile. */
  readonly accountOf?: AccountOf | undefined;
  /** Where the account is another user's, or the user has another one: `refuse`, unless given, or `replace`. */
  readonly onConflict?: "refuse" | "replace" | undefined;
}

/** How long a session lasts. */
export interface SessionOptions {
  /** Seconds without a visit. Default 30 days. */
  readonly idle?: number | undefined;
  /** Seconds from the login. Default 365 days. */
  readonly absolute?: number | undefined;
  /** `false`: the cookie goes with the browser that is closed, unless it restores its tabs. Default `true`. */
  readonly persistent?: boolean | undefined;
}

/** What an app says about its login, whatever its sessions hold. Everything is checked when it is given. */
export interface PixyOptions<Data, Key extends string = string> extends Partial<WayOptions>, ConnectOptions {
  /**
   * Several ways to log in, by a key of the app's own; instead of `provider`, `clientId` and what belongs to them. With
   * `grants`, what is asked for at those of its providers that people choose from: `{ spotify: { scope }, github: {} }`.
   */
  readonly providers?: Readonly<Record<Key, Partial<WayOptions>>> | undefined;
  /** The app's public origin, with a path prefix if it has one: the only source of every URL. */
  readonly baseUrl: string;
  /** 32 random bytes as base64url; or `[current, ...previous]` while a secret is replaced. */
  readonly secret?: SecretInput | undefined;
  /** Where the routes are, below `baseUrl`. Default `/auth`. */
  readonly authPath?: string | undefined;
  /** How long a login lasts. */
  readonly session?: SessionOptions | undefined;
  /**
   * Seconds: the longest time for which the provider is left alone after a failed refresh, whatever it asks for. Default:
   * 10 seconds while it is away, up to 15 minutes if its `Retry-After` says so, up to an hour after a refusal.
   */
  readonly longestPause?: number | undefined;
  /** Where sessions live. Default: sealed in the browser's cookie. */
  readonly store?: RecordStore | undefined;
  /** Other origins whose pages may send unsafe requests to guarded routes, such as `["https://app.example"]`. Default: none. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Where a logout leads to. Default: the root of the app. */
  readonly afterLogout?: string | undefined;
  /**
   * Runs once for each login, with the framework's own request of the callback; what it returns is kept in the session. The
   * login fails if it throws.
   */
  readonly onLogin?: LoginHandler<Data> | undefined;
  /** What scripts of the app's pages may know of `session.data`, in `/auth/session`: a part of it, or `true` for name and picture. Default: nothing. */
  readonly publicData?: PublicDataOption<Data> | undefined;
  readonly onEvent?: EmitEvent | undefined;
  /** Makes the app's own error page; `null` or `undefined` leaves it to the default. */
  readonly onError?: ((error: PixyError, request: IncomingRequest) => ErrorPage | Promise<ErrorPage>) | undefined;
  /** Makes the app's own page to choose a provider; `null` or `undefined` leaves it to the default. */
  readonly onChoose?: ChooseHandler | undefined;
  /** The stem of the cookies' names. Default `pixy`, on loopback `pixy-PORT`, because cookies ignore ports. */
  readonly name?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

/**
 * The options of an app whose sessions hold `Data`, exported as `PixyOptions`: without `onLogin` they hold the profile. `Key`: the
 * keys of `providers`.
 */
export type OptionsFor<Data = unknown, Key extends string = never> = PixyOptions<Data, Key> &
  ([Key] extends [never] ? OneProvider : SeveralProviders<Key>) &
  NeedsHandler<Data>;

/** Without `onLogin` a session holds the profile, or `null`: an app whose sessions hold something else has to say what. */
type NeedsHandler<Data> = Profile | null extends Data ? unknown : { readonly onLogin: LoginHandler<Data> };

/** What `session.provider` is in an app with these keys: one of them, or `null` where there is only one provider. */
// The keys are inferred from `providers` alone, and not from what a result is assigned to.
export type ProviderKey<Key extends string> = [Key] extends [never] ? null : [Key][Key extends unknown ? 0 : never];

/**
 * The options of an app whose provider, client and secret come from `grants`: its sessions share them (`owner`), or it has
 * users of its own and connects their accounts (`ownerOf`). `Key`: the keys of `providers`, where `grants` has several.
 */
export type ConnectingOptions<Data = unknown, Key extends string = never> = PixyOptions<Data, Key> & {
  readonly grants: Grants;
} & { readonly [Name in FromGrants | "secret"]?: never } & ([Key] extends [never]
    ? { readonly providers?: never }
    : SeveralOfGrants<Key>) &
  NeedsHandler<Data>;

type OneProvider = Pick<WayOptions, "provider" | "clientId"> & Sealed;
type Sealed = { readonly secret: SecretInput };
type SeveralProviders<Key extends string> = { readonly [Name in keyof WayOptions]?: never } & Sealed & {
    readonly providers: Readonly<Record<Key, WayOptions>>;
  };
type SeveralOfGrants<Key extends string> = { readonly [Name in keyof WayOptions]?: never } & {
  readonly providers: Readonly<Record<Key, GrantWayOptions>>;
};

/** A provider that a person may choose. */
export interface ProviderChoice {
  /** Its key. */
  readonly provider: string;
  readonly label: string;
  /** The path that leads to it, and back to where the person was going. */
  readonly loginUrl: string;
}

/** Answers the login route of an app with several providers, where none was named. */
export type ChooseHandler = (
  choices: readonly ProviderChoice[],
  request: IncomingRequest,
) => ErrorPage | Promise<ErrorPage>;

type ErrorPage = Response | null | undefined;
