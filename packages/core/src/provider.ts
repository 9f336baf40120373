import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError } from "./errors.ts";
import { checkFunctions, checkMembers, type Members } from "./members.ts";
import { refuseReserved } from "./parameters.ts";
import type { AnswerReader, ProviderHeaders, ProviderQuirks, RequestParameters } from "./provider-quirks.ts";
import type { ProviderSteps } from "./provider-steps.ts";
import type { RefreshTokenRules } from "./refresh-token-rules.ts";

/** A checked, frozen description of an authorization server (cf. RFC 8414). */
export interface Provider extends ProviderSteps, ProviderQuirks {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly refreshTokens: RefreshTokenRules;
  /** `required`: a callback without `iss` is refused. `checked`: `iss` is compared when present. RFC 9207. */
  readonly issuerInCallback: "required" | "checked";
  /** Allows http endpoints on 127.0.0.1, [::1] and localhost; for test providers. */
  readonly allowInsecureLoopback: boolean;
}

/** Finds a provider when it is first needed: `() => discover(issuer)`. It may be asked often: `discover` remembers. */
export type FindProvider = () => Provider | Promise<Provider>;

export interface ProviderInput extends ProviderSteps, ProviderQuirks {
  readonly name: string;
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Default: rotation `either`, no clock, no grace, retryUnknown true. */
  readonly refreshTokens?: Partial<RefreshTokenRules> | undefined;
  /** Default `checked`. */
  readonly issuerInCallback?: "required" | "checked" | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
}

const members = {
  ...{ name: 1, issuer: 1, authorizationEndpoint: 1, tokenEndpoint: 1, refreshEndpoint: 1, revocationEndpoint: 1 },
  ...{ revocation: 1, api: 1, apiFrom: 1, refreshTokens: 1, accessTokens: 1, pkce: 1, scope: 1, clientIdParameter: 1 },
  ...{ parameters: 1, responseMode: 1, headers: 1, profile: 1, keep: 1, answer: 1, tokenTypes: 1, issuerInCallback: 1 },
  ...{
    allowInsecureLoopback: 1,
    deviceAuthorizationEndpoint: 1,
    checkRedirectUri: 1,
    authorizationParameters: 1,
    checkTokens: 1,
    proveRequest: 1,
    logoutUri: 1,
    pushLogin: 1,
    routes: 1,
  },
} as const satisfies Members<keyof ProviderInput>;

type Parts = { readonly [Name in keyof ProviderInput]?: Members<string> };

const parts = {
  refreshTokens: {
    ...{ rotation: 1, lifetime: 1, idleLifetime: 1, stated: 1, grace: 1, retryUnknown: 1 },
  } satisfies Members<keyof RefreshTokenRules>,
  parameters: { authorization: 1, accountChoice: 1, code: 1, refresh: 1 } satisfies Members<keyof RequestParameters>,
  headers: { token: 1, api: 1 },
  scope: { separator: 1, parameter: 1 },
  answer: { error: 1, tokens: 1 } satisfies Members<keyof AnswerReader>,
} satisfies Parts;

// What is undefined counts as left out.
function checkProvider(input: Partial<ProviderInput>, known: Members, path = ""): void {
  checkMembers(path, input, known);
  const within = path && `${path}.`;
  for (const [name, names] of Object.entries(parts)) {
    checkMembers(within + name, input[name as keyof typeof parts] ?? {}, names);
  }
  checkFunctions(path, input, [
    "checkRedirectUri",
    "authorizationParameters",
    "checkTokens",
    "proveRequest",
    "logoutUri",
    "pushLogin",
  ]);
  checkFunctions(`${within}answer`, input.answer ?? {}, Object.keys(parts.answer));
}

/** Refuses a member that `discover` would not read. Throws `ConfigurationError`. */
export function checkGivenProvider(input: Partial<ProviderInput>): void {
  const { issuer: _, allowInsecureLoopback: __, ...known } = members;
  checkProvider(input, known, "provider");
}

/**
 * Checks and freezes the description of a provider.
 *
 * @throws ConfigurationError that names the member to change
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414#section-2 RFC 8414 section 2} for what its endpoints are called elsewhere
 * @example
 * const provider = defineProvider({
 *   name: "example",
 *   issuer: "https://login.example",
 *   authorizationEndpoint: "https://login.example/authorize",
 *   tokenEndpoint: "https://login.example/token",
 *   refreshTokens: { rotation: "either" },
 * });
 */
export function defineProvider(input: ProviderInput): Provider {
  checkProvider(input, members);
  const { issuer, parameters, headers, tokenTypes, profile, pkce, scope, allowInsecureLoopback = false } = input;
  if (!input.name) throw invalid("name", "Give the provider a short name; it appears in errors and events.");
  if (parseEndpoint("issuer", issuer, allowInsecureLoopback).search) {
    throw invalid("issuer", "An issuer has no query, RFC 8414 section 2.");
  }
  for (const option of ["authorizationEndpoint", "tokenEndpoint"] as const) {
    parseEndpoint(option, input[option], allowInsecureLoopback);
  }
  for (const option of ["refreshEndpoint", "revocationEndpoint", "deviceAuthorizationEndpoint", "api"] as const) {
    if (input[option]) parseEndpoint(option, input[option], allowInsecureLoopback);
  }
  for (const url of [profile?.url, ...Object.values(profile?.more ?? {})]) {
    if (url !== undefined) parseEndpoint("profile.url", url, allowInsecureLoopback);
  }
  if (![undefined, "unsupportedByProvider"].includes(pkce)) {
    throw invalid("pkce", 'Leave it out for S256, or give "unsupportedByProvider".');
  }
  if (![undefined, "form_post"].includes(input.responseMode)) {
    throw invalid("responseMode", 'Leave it out for the query of a redirect, or give "form_post".');
  }
  if (![undefined, " ", ","].includes(scope?.separator)) throw invalid("scope.separator", 'Give " " or ",".');
  checkRules(withDefaults(input.refreshTokens));
  checkSeconds("accessTokens.lifetime", input.accessTokens?.lifetime);
  if (input.issuerInCallback && !["required", "checked"].includes(input.issuerInCallback)) {
    throw invalid("issuerInCallback", 'Give "required" or "checked".');
  }
  const isType = (type: unknown) => type && typeof type === "string";
  if (tokenTypes && !(Array.isArray(tokenTypes) && tokenTypes.length && tokenTypes.every(isType))) {
    throw invalid("tokenTypes", 'Give the token_type values that the provider sends, such as ["Bearer"].');
  }
  for (const extra of Object.values(parameters ?? {})) refuseReserved(Object.keys(extra ?? {}), input);
  if (!Object.keys(input.routes ?? {}).every((route) => /^[a-z0-9-]{1,64}$/.test(route))) {
    throw invalid("routes", "Name each route with 1 to 64 of a-z, 0-9 and -.");
  }
  for (const given of Object.values(headers ?? {})) checkHeaders(given ?? {});
  const given = Object.entries(input).filter(([, value]) => value);
  return presetProvider(Object.fromEntries(given) as unknown as ProviderInput);
}

/**
 * Makes a provider of a description that was put through `defineProvider` before, in a test: a bundle with a preset needs
 * none of its checks.
 */
export function presetProvider(input: ProviderInput): Provider {
  return frozen({
    ...{ issuerInCallback: "checked", allowInsecureLoopback: false, ...input },
    refreshTokens: withDefaults(input.refreshTokens),
  } as Provider);
}

function withDefaults(rules: Partial<RefreshTokenRules> | undefined): RefreshTokenRules {
  return { rotation: "either", retryUnknown: true, ...rules };
}

/** Copies plain data, frozen to the ground; functions stay as they are. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map(frozen)
    : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, frozen(item)]));
  return Object.freeze(copy) as Value;
}

function checkRules(rules: RefreshTokenRules): void {
  const { rotation, lifetime, idleLifetime, stated, grace = 0, retryUnknown } = rules;
  if (typeof retryUnknown !== "boolean") throw invalid("refreshTokens.retryUnknown", "Give true or false.");
  if (!["rotating", "reusable", "either"].includes(rotation)) {
    throw invalid("refreshTokens.rotation", 'Give "rotating", "reusable" or "either".');
  }
  checkSeconds("refreshTokens.lifetime", lifetime);
  checkSeconds("refreshTokens.idleLifetime", idleLifetime);
  if (stated && !(stated.field && ["idle", "absolute"].includes(stated.clock))) {
    throw invalid("refreshTokens.stated", 'Give the field of the answer, and the clock: "idle" or "absolute".');
  }
  if (grace !== "unlimited" && !(typeof grace === "number" && grace >= 0 && grace < Number.POSITIVE_INFINITY)) {
    throw invalid("refreshTokens.grace", 'Give seconds, 0 for none, or "unlimited".');
  }
}

function checkSeconds(option: string, seconds: number | undefined): void {
  if (seconds === undefined || (typeof seconds === "number" && seconds > 0)) return;
  throw invalid(option, "Give a positive number of seconds, or leave it out.");
}

function checkHeaders(headers: ProviderHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    const isFree = /^(?!(authorization|cookie|host|content-(type|length))$)[\w-]+$/i.test(name);
    if (!isFree || !/^[ -~]+$/.test(value)) throw invalid(`headers (${name})`, "Use ASCII, and no header Pixy sets.");
  }
}

function invalid(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The provider's ${option} is not valid.`, { code: "invalid_option", option, hint });
}
