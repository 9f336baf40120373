import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError } from "./errors.ts";
import { checkMembers, type Members } from "./members.ts";
import { type ExtraParameters, refuseReserved } from "./parameters.ts";
import type { ProviderSteps } from "./provider-steps.ts";
import type { AnswerRule } from "./refusals.ts";

/** How a provider treats refresh tokens. */
export interface RefreshTokenRules {
  /** `rotating`: each refresh replaces the token. `reusable`: it stays. `either`: the answer decides. */
  readonly rotation: "rotating" | "reusable" | "either";
  /** Seconds from the authorization, not extended by a refresh; absent when the provider names none. */
  readonly lifetime?: number;
  /** Seconds after which a refresh token that nobody uses dies; each refresh starts them anew. */
  readonly idleLifetime?: number;
  /**
   * Seconds for which a replaced refresh token is still answered, counted from the first request that carried it; absent
   * or 0 for none. Only what the provider documents for all its clients: an administrator's setting counts as none.
   */
  readonly grace?: number | "unlimited";
  /**
   * Whether showing a used-up refresh token costs nothing: it is refused, and the login lives on. After a lost answer
   * `true` sends the token again at once, and then after each pause. `false`, where reuse revokes the login, sends it again
   * within `grace` only, and else when the access token no longer works, since then nothing is left to lose.
   */
  readonly retryUnknown: boolean;
}

/** Parameters that the provider wants in every token request of a kind, e.g. `resource` (RFC 8707 section 2.2). */
export interface TokenParameters {
  readonly code?: ExtraParameters;
  readonly refresh?: ExtraParameters;
}

/** How a provider's answers differ from RFC 6749; pure functions. */
export interface AnswerReader {
  /** Reads a failed answer; comes after line 1 of the table in docs/errors.md and before all the others. */
  readonly error?: AnswerRule;
}

/** A checked, frozen description of an authorization server (cf. RFC 8414). */
export interface Provider extends ProviderSteps {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  /** The base of relative URLs given to an authenticated fetch; its origin is the one that gets tokens. */
  readonly api?: string;
  readonly refreshTokens: RefreshTokenRules;
  readonly parameters?: TokenParameters;
  readonly answer?: AnswerReader;
  /** The `token_type`s that it answers, in any case; each is sent as `Bearer`. Absent: `Bearer` alone. */
  readonly tokenTypes?: readonly string[];
  /** `required`: a callback without `iss` is refused. `checked`: `iss` is compared when present. RFC 9207. */
  readonly issuerInCallback: "required" | "checked";
  /** Allows http endpoints on 127.0.0.1, [::1] and localhost; for test providers. */
  readonly allowInsecureLoopback: boolean;
  /** The provider's own rule for redirect URIs; throws `ConfigurationError`. */
  readonly checkRedirectUri?: (redirectUri: string) => void;
}

export interface ProviderInput extends ProviderSteps {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string | undefined;
  readonly api?: string | undefined;
  /** Default: rotation `either`, no lifetime, no grace, retryUnknown true. */
  readonly refreshTokens?: Partial<RefreshTokenRules> | undefined;
  /** Those that carry the protocol are refused. */
  readonly parameters?: TokenParameters | undefined;
  readonly answer?: AnswerReader | undefined;
  /** Default `["Bearer"]`. */
  readonly tokenTypes?: readonly string[] | undefined;
  /** Default `checked`. */
  readonly issuerInCallback?: "required" | "checked" | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  readonly checkRedirectUri?: ((redirectUri: string) => void) | undefined;
}

const members = {
  ...{ name: 1, issuer: 1, authorizationEndpoint: 1, tokenEndpoint: 1, revocationEndpoint: 1, api: 1 },
  ...{ refreshTokens: 1, parameters: 1, answer: 1, tokenTypes: 1, issuerInCallback: 1 },
  ...{ allowInsecureLoopback: 1, checkRedirectUri: 1, authorizationParameters: 1, checkTokens: 1, proveRequest: 1 },
} as const satisfies Members<keyof ProviderInput>;

// What is undefined counts as left out.
function checkProvider(input: Partial<ProviderInput>, known: Members, path = ""): void {
  checkMembers(path, input, known);
  const { refreshTokens = {}, parameters = {}, answer = {} } = input;
  const within = path && `${path}.`;
  checkMembers(`${within}refreshTokens`, refreshTokens, {
    ...{ rotation: 1, lifetime: 1, idleLifetime: 1, grace: 1, retryUnknown: 1 },
  } satisfies Members<keyof RefreshTokenRules>);
  checkMembers(`${within}parameters`, parameters, { code: 1, refresh: 1 } satisfies Members<keyof TokenParameters>);
  checkMembers(`${within}answer`, answer, { error: 1 } satisfies Members<keyof AnswerReader>);
}

/** Refuses a member that `discover` would not read. Throws `ConfigurationError`. */
export function checkGivenProvider(input: Partial<ProviderInput>): void {
  const { issuer: _, allowInsecureLoopback: __, ...known } = members;
  checkProvider(input, known, "provider");
}

/** Checks and freezes a provider that supports PKCE with S256; throws `ConfigurationError` naming the option. */
export function defineProvider(input: ProviderInput): Provider {
  checkProvider(input, members);
  const { name, issuer, revocationEndpoint, api, parameters, answer, tokenTypes, checkRedirectUri } = input;
  const { allowInsecureLoopback = false, authorizationParameters, checkTokens, proveRequest } = input;
  if (!name) throw invalid("name", "Give the provider a short name; it appears in errors and events.");
  if (parseEndpoint("issuer", issuer, allowInsecureLoopback).search) {
    throw invalid("issuer", "An issuer has no query, RFC 8414 section 2.");
  }
  parseEndpoint("authorizationEndpoint", input.authorizationEndpoint, allowInsecureLoopback);
  parseEndpoint("tokenEndpoint", input.tokenEndpoint, allowInsecureLoopback);
  if (revocationEndpoint) parseEndpoint("revocationEndpoint", revocationEndpoint, allowInsecureLoopback);
  if (api) parseEndpoint("api", api, allowInsecureLoopback);
  const refreshTokens: RefreshTokenRules = { rotation: "either", retryUnknown: true, ...input.refreshTokens };
  if (!["rotating", "reusable", "either"].includes(refreshTokens.rotation)) {
    throw invalid("refreshTokens.rotation", 'Give "rotating", "reusable" or "either".');
  }
  for (const clock of ["lifetime", "idleLifetime"] as const) {
    const seconds = refreshTokens[clock];
    if (seconds !== undefined && !(seconds > 0)) {
      throw invalid(`refreshTokens.${clock}`, "Give a positive number of seconds, or leave it out.");
    }
  }
  const { grace = 0 } = refreshTokens;
  if (grace !== "unlimited" && !(grace >= 0 && grace < Number.POSITIVE_INFINITY)) {
    throw invalid("refreshTokens.grace", 'Give seconds, 0 for none, or "unlimited".');
  }
  if (tokenTypes && !(tokenTypes.length > 0 && tokenTypes.every((type) => type && typeof type === "string"))) {
    throw invalid("tokenTypes", 'Give the token_type values that the provider answers, such as ["Bearer"].');
  }
  for (const extra of [parameters?.code, parameters?.refresh]) {
    refuseReserved(Object.keys(extra ?? {}));
  }
  return Object.freeze({
    name,
    issuer,
    authorizationEndpoint: input.authorizationEndpoint,
    tokenEndpoint: input.tokenEndpoint,
    refreshTokens: Object.freeze(refreshTokens),
    issuerInCallback: input.issuerInCallback ?? "checked",
    allowInsecureLoopback,
    ...given({
      ...{ revocationEndpoint, api, checkRedirectUri, authorizationParameters, checkTokens, proveRequest },
      parameters: parameters && Object.freeze({ ...parameters }),
      answer: answer && Object.freeze({ ...answer }),
      tokenTypes: tokenTypes && Object.freeze([...tokenTypes]),
    }),
  });
}

function given<Values extends object>(values: Values): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Values;
}

function invalid(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The provider's ${option} is not valid.`, { code: "invalid_option", option, hint });
}
