import {
  ConfigurationError,
  checkFunctions,
  checkMembers,
  type DiscoverOptions,
  DiscoveryError,
  defineProvider,
  discover,
  type Members,
  metadataOf,
  type ProfileRule,
  type Provider,
} from "@pixy/core";
import { type Algorithm, algorithmsOf, checkAlgorithms } from "./algorithms.ts";
import { identitySteps } from "./identity-steps.ts";
import { issuerRule } from "./issuer.ts";
import { createKeySet, type KeySet } from "./key-set.ts";
import { checkLogoutOptions, type LogoutOptions, logoutSteps } from "./logout.ts";

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
  /** Seconds by which the clocks of provider and app may differ. Default 60. */
  readonly clockSkew?: number | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

const members = {
  ...{ provider: 1, pkce: 1, issuerPattern: 1, tenants: 1, algorithms: 1, userinfo: 1, logout: 1, clockSkew: 1 },
  ...{ allowInsecureLoopback: 1, fetch: 1, now: 1 },
} satisfies Members<keyof OpenIdOptions>;

/**
 * Describes a provider of OpenID Connect, which is found at first use: each login carries a nonce, and brings an ID token that
 * is checked before there is a session. `login.claims` has what it says, and so has the profile. A refresh that brings one is checked alike; where
 * it is another person's, the login ends.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OpenID Connect Core section 3.1}
 * @throws ConfigurationError for an option that cannot be used; what is returned rejects with `DiscoveryError`
 * @example
 * const auth = pixy({ provider: openid("https://tenant.example"), clientId, baseUrl, secret });
 */
export function openid(issuer: string, options: OpenIdOptions = {}): () => Promise<Provider> {
  checkMembers("", options, members);
  checkFunctions("", options, ["fetch", "now"]);
  checkAlgorithms(options.algorithms);
  const { issuerPattern, clockSkew = 60, now = Date.now, fetch: given } = options;
  const fetchNow: typeof fetch = given ?? ((input, init) => fetch(input, init));
  if (typeof clockSkew !== "number" || !(clockSkew >= 0 && clockSkew <= 600)) {
    throw new ConfigurationError("The option clockSkew cannot be used.", {
      code: "invalid_option",
      option: "clockSkew",
      hint: "Give seconds, at most 600: whoever needs more has a clock to set.",
    });
  }
  const rule = issuerRule(issuer, issuerPattern, options.tenants);
  const keepsIdToken = checkLogoutOptions(options.logout);
  const { provider, pkce, allowInsecureLoopback = false } = options;
  let made: { readonly found: Provider; readonly provider: Provider; readonly keys: KeySet } | null = null;
  let keySet: { readonly url: string; readonly keys: KeySet } | null = null;

  return async () => {
    const found = await discover(issuer, {
      ...{ openid: true, provider, pkce, metadataIssuer: issuerPattern, allowInsecureLoopback, fetch: fetchNow, now },
    });
    if (made?.found !== found) {
      const {
        jwks_uri,
        userinfo_endpoint,
        end_session_endpoint,
        id_token_signing_alg_values_supported: announced,
      } = metadataOf(found);
      const url = endpointOf("jwks_uri", jwks_uri, allowInsecureLoopback);
      if (keySet?.url !== url) keySet = { url, keys: createKeySet(url, { fetch: fetchNow, now }) };
      const { keys } = keySet;
      const profile: ProfileRule = {
        ...(options.userinfo ? { url: endpointOf("userinfo_endpoint", userinfo_endpoint, allowInsecureLoopback) } : {}),
        scopes: ["openid", "profile", "email"],
        ...{ id: "sub", name: "name", email: "email", emailVerified: "email_verified", picture: "picture" },
      };
      const logout = options.logout
        ? logoutSteps(endpointOf("end_session_endpoint", end_session_endpoint, allowInsecureLoopback), options.logout)
        : {};
      const rules = {
        issuer: rule,
        keys,
        clockSkew,
        algorithms: algorithmsOf(options.algorithms, announced),
        keepsIdToken,
      };
      made = { found, keys, provider: defineProvider({ profile, ...found, ...identitySteps(rules, now), ...logout }) };
    }
    // Before a login needs them: a code is spent once, and its answer has to be checked then.
    await made.keys.load().catch((cause) => {
      throw unusable("metadata_unavailable", "The provider's keys could not be read.", cause);
    });
    return made.provider;
  };
}

function endpointOf(name: string, value: unknown, allowInsecureLoopback: boolean): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  const isLoopback = url?.protocol === "http:" && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname);
  if (url?.protocol === "https:" || (isLoopback && allowInsecureLoopback)) return String(value);
  throw unusable("invalid_metadata", `The provider's metadata has no usable ${name}.`);
}

function unusable(code: "invalid_metadata" | "metadata_unavailable", message: string, cause?: unknown): DiscoveryError {
  return new DiscoveryError(message, { code, hint: "Is this a provider of OpenID Connect?", cause });
}
