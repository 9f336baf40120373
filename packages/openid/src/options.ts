import { ConfigurationError, checkFunctions, checkMembers, type DiscoverOptions, type Members } from "@pixy/core";
import { type Algorithm, checkAlgorithms } from "./algorithms.ts";
import type { Nonces } from "./dpop.ts";
import { type IssuerRule, issuerRule } from "./issuer.ts";
import { checkLogoutOptions, type LogoutOptions } from "./logout.ts";

export interface OpenIdOptions {
  /** What the metadata does not say (name, api, refresh token rules …). */
  readonly provider?: DiscoverOptions["provider"];
  /** `known`: the provider supports S256 although its metadata does not say so, as Entra's. */
  readonly pkce?: "known" | undefined;
  /** The metadata's `issuer` where it stands for many: `https://login.microsoftonline.com/{tenantid}/v2.0`. */
  readonly issuerPattern?: string | undefined;
  /** With a pattern: the ids of the tenants whose people may come in, or `"any"`. */
  readonly tenants?: readonly string[] | "any" | undefined;
  /** How ID tokens may be signed. Default: as the metadata announces, never without a signature or with a shared secret. */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /**
   * Whether the profile is asked for at the userinfo endpoint, too, by providers that put little into the ID token. Default
   * false.
   */
  readonly userinfo?: boolean | undefined;
  /** Whether a logout of the app ends the login at the provider, too. Default false. */
  readonly logout?: boolean | LogoutOptions | undefined;
  /**
   * Whether the provider may end sessions, by a POST to `/auth/provider/back-channel-logout` (with several providers
   * `/auth/provider/KEY/back-channel-logout`). Needs a session store with an index. Default false.
   */
  readonly backChannelLogout?: boolean | undefined;
  /** `true`: each login is pushed to the provider (RFC 9126). Default: where its metadata require it. */
  readonly pushedLogin?: boolean | undefined;
  /** Whether tokens are bound to a key of the login's own (RFC 9449); the key is kept sealed with them. Default false. */
  readonly dpop?: boolean | undefined;
  /** Seconds by which the clocks of provider and app may differ. Default 60. */
  readonly clockSkew?: number | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

const members = {
  ...{
    provider: 1,
    pkce: 1,
    issuerPattern: 1,
    tenants: 1,
    algorithms: 1,
    userinfo: 1,
    logout: 1,
    backChannelLogout: 1,
    pushedLogin: 1,
    dpop: 1,
    clockSkew: 1,
  },
  ...{ allowInsecureLoopback: 1, fetch: 1, now: 1 },
} satisfies Members<keyof OpenIdOptions>;

/** The options after they were checked. */
export interface OpenIdSettings extends OpenIdOptions {
  readonly issuer: IssuerRule;
  readonly clockSkew: number;
  readonly keepsIdToken: boolean;
  /** They outlive a provider whose metadata are read anew. */
  readonly nonces: Nonces;
  readonly allowInsecureLoopback: boolean;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** @throws ConfigurationError that names the option */
export function readOptions(issuer: string, options: OpenIdOptions): OpenIdSettings {
  checkMembers("", options, members);
  checkFunctions("", options, ["fetch", "now"]);
  checkAlgorithms(options.algorithms);
  const { clockSkew = 60, allowInsecureLoopback = false, fetch: given, now = Date.now } = options;
  if (typeof clockSkew !== "number" || !(clockSkew >= 0 && clockSkew <= 600)) {
    throw new ConfigurationError("The option clockSkew cannot be used.", {
      code: "invalid_option",
      option: "clockSkew",
      hint: "Give seconds, at most 600. If that is too little, set the clock.",
    });
  }
  return {
    ...options,
    ...{ clockSkew, allowInsecureLoopback, now },
    issuer: issuerRule(issuer, options.issuerPattern, options.tenants),
    keepsIdToken: checkLogoutOptions(options.logout),
    nonces: new Map(),
    fetch: given ?? ((input, init) => fetch(input, init)),
  };
}
