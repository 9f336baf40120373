import {
  type ClientAuthentication,
  ConfigurationError,
  checkFunctions,
  checkMembers,
  defineProvider,
  type Members,
  type Provider,
  type ProviderSteps,
} from "@pixy/core";
import { identitySteps, keysUnavailable } from "../identity-steps.ts";
import { issuerRule } from "../issuer.ts";
import { createKeySet } from "../key-set.ts";
import { readAppleClaims } from "./apple-claims.ts";
import { fullNameIn } from "./apple-name.ts";
import { type AppleKey, clientSecret } from "./client-secret.ts";

export interface AppleOptions extends AppleKey {
  /**
   * Whether a logout, or a login that the app refuses, takes the app out of the person's Apple Account: it ends their logins in
   * other browsers and on devices, too, and the next one asks for their consent anew. Default false.
   */
  readonly revocation?: boolean | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

/** What belongs to a registration at Apple besides `clientId`, the id of its Services ID. */
export interface AppleRegistration {
  readonly provider: Provider;
  readonly clientAuthentication: ClientAuthentication;
}

const members = {
  ...{ teamId: 1, keyId: 1, privateKey: 1, revocation: 1, fetch: 1, now: 1 },
} satisfies Members<keyof AppleOptions>;

const issuer = "https://appleid.apple.com";

/** Seconds. Apple may throttle who validates a refresh token more than once a day; its access tokens are for no API. */
const overADay = 90_000;

/**
 * Describes Sign in with Apple. Its metadata are not asked for: for a day they named another issuer than its ID tokens do.
 *
 * @see {@link https://developer.apple.com/documentation/signinwithapplerestapi Apple's REST API}
 * @throws ConfigurationError that names the option
 * @example
 * const auth = pixy({ ...apple({ teamId, keyId, privateKey }), clientId: "com.example.web", baseUrl, secret });
 */
export function apple(options: AppleOptions): AppleRegistration {
  checkMembers("", options, members);
  checkFunctions("", options, ["fetch", "now"]);
  const { revocation = false, fetch: given, now = Date.now } = options;
  const fetchNow: typeof fetch = given ?? ((input, init) => fetch(input, init));
  return Object.freeze({
    provider: defineProvider({
      ...{ name: "apple", issuer },
      authorizationEndpoint: `${issuer}/auth/authorize`,
      tokenEndpoint: `${issuer}/auth/token`,
      revocationEndpoint: revocation ? `${issuer}/auth/revoke` : undefined,
      // Without it Apple refuses a login that asks for name or address.
      responseMode: "form_post",
      refreshTokens: { rotation: "reusable" },
      answer: { tokens: (answered) => ({ ...answered, expires_in: overADay }) },
      profile: {
        ...{ scopes: ["openid", "name", "email"], id: "sub", email: "email", emailVerified: "email_verified" },
        name: ({ posted }) => fullNameIn(posted),
      },
      checkRedirectUri,
      ...identityOf(fetchNow, now),
    }),
    clientAuthentication: clientSecret(options, now),
  });
}

function identityOf(fetchNow: typeof fetch, now: () => number): ProviderSteps {
  const keys = createKeySet(`${issuer}/auth/keys`, { fetch: fetchNow, now });
  const steps = identitySteps(
    {
      ...{ issuer: issuerRule(issuer, undefined, undefined), keys, algorithms: ["RS256"] },
      ...{ clockSkew: 60, keepsIdToken: false },
    },
    now,
  );
  return {
    ...steps,
    async checkTokens(answer, asked) {
      const checked = await steps.checkTokens?.(answer, asked);
      return checked?.claims ? { ...checked, claims: readAppleClaims(checked.claims) } : checked;
    },
    // Before a login needs them: a code is spent once, and its answer has to be checked then.
    async pushLogin(uri) {
      await keys.load().catch((cause: unknown) => {
        throw keysUnavailable(cause);
      });
      return uri;
    },
  };
}

function checkRedirectUri(redirectUri: string): void {
  const { protocol, hostname } = new URL(redirectUri);
  if (protocol === "https:" && !/^\[|^[\d.]+$|(^|\.)localhost\.?$/.test(hostname)) return;
  throw new ConfigurationError("Apple takes a redirect URI with https and a domain name only.", {
    code: "invalid_redirect_uri",
    option: "redirectUri",
    hint: "Apple refuses http, localhost and IP addresses. Set baseUrl to https and your domain. In development use a tunnel, or leave Apple out: providers: { ...(isPublic ? { apple } : {}) }.",
  });
}
