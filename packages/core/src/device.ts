import type { Client } from "./client.ts";
import { redact } from "./encoding.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError, TokenRequestError } from "./errors.ts";
import { type CodeExchangeOptions, checking, send, type TokenRequestOptions } from "./oauth-client.ts";
import type { ExtraParameters } from "./parameters.ts";
import { printable } from "./printable.ts";
import { provingWith } from "./proof.ts";
import { outcomeOf } from "./refusals.ts";
import { checkScopeToken } from "./scope.ts";
import { readSeconds } from "./seconds.ts";
import { readAnswer } from "./token-answer.ts";
import { tokenFailure } from "./token-failure.ts";
import { build, type TokenRequest } from "./token-request.ts";
import { readTokenResponse, type TokenContext } from "./token-response.ts";
import type { Tokens } from "./tokens.ts";

/**
 * A login that goes on at another screen: what to show, and what to poll with.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.2 RFC 8628 section 3.2}
 */
export interface DeviceAuthorization {
  /** A secret: whoever has it gets the tokens. */
  readonly deviceCode: string;
  /** Shown to the person; printable, at most 64 characters. */
  readonly userCode: string;
  /** Where the person enters it: https, or http on loopback for a test provider. */
  readonly verificationUri: string;
  /** The same with the code in it, for a QR code; `null` where the provider gives none. */
  readonly verificationUriComplete: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Seconds between two polls. */
  readonly interval: number;
}

/**
 * What a poll came to. After `slowDown` each further pause is 5 seconds longer.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.5 RFC 8628 section 3.5}
 */
export type DevicePoll =
  | { readonly state: "tokens"; readonly tokens: Tokens }
  | { readonly state: "pending" | "slowDown" | "expired" | "denied" };

export interface DeviceAuthorizationOptions extends TokenRequestOptions {
  readonly scope?: readonly string[] | undefined;
}

/**
 * Builds the request that begins a login on another screen.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.1 RFC 8628 section 3.1}
 * @throws ConfigurationError where the provider has no device authorization endpoint.
 */
export async function buildDeviceAuthorizationRequest(
  client: Client,
  scope: readonly string[] = [],
  parameters?: ExtraParameters,
): Promise<TokenRequest> {
  const { deviceAuthorizationEndpoint, scope: rule = {} } = client.provider;
  if (!deviceAuthorizationEndpoint) {
    throw new ConfigurationError("The provider has no device authorization endpoint.", {
      code: "invalid_option",
      option: "deviceAuthorizationEndpoint",
      hint: "Take it from the provider's documentation, or log in with a browser: not every provider has the device grant.",
    });
  }
  for (const token of scope) checkScopeToken(token);
  return build(client, deviceAuthorizationEndpoint, { scope: scope.join(rule.separator ?? " ") }, parameters);
}

/**
 * Builds one poll of the token endpoint.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.4 RFC 8628 section 3.4}
 */
export async function buildDeviceTokenRequest(
  client: Client,
  deviceCode: string,
  parameters?: ExtraParameters,
): Promise<TokenRequest> {
  const own = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: deviceCode };
  return build(client, client.provider.tokenEndpoint, own, { ...client.provider.parameters?.code, ...parameters });
}

/**
 * Reads the codes of a login on another screen; `now` is milliseconds since 1970, from before the request was sent.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.2 RFC 8628 section 3.2}
 * @throws TokenRequestError where there are none that can be used.
 */
export async function readDeviceAuthorizationResponse(
  response: Response,
  { client, now }: { readonly client: Client; readonly now: number },
): Promise<DeviceAuthorization> {
  const answer = await readAnswer(response, "device");
  const { device_code, user_code, verification_uri, verification_url, verification_uri_complete } = answer.members;
  const { allowInsecureLoopback, answer: own } = client.provider;
  // Google had the name of an early draft.
  const verificationUri = readUri(verification_uri ?? verification_url, allowInsecureLoopback);
  if (!response.ok || response.redirected || !isText(device_code) || !isText(user_code) || !verificationUri) {
    const outcome = response.ok && !answer.members.error ? "misconfigured" : outcomeOf(answer, own?.error);
    throw tokenFailure(response, answer, { outcome, now });
  }
  return redact("DeviceAuthorization", {
    deviceCode: device_code,
    userCode: printable(user_code, 64),
    verificationUri,
    verificationUriComplete: readUri(verification_uri_complete, allowInsecureLoopback),
    // Required; without it, a quarter of an hour.
    expiresAt: now + (readSeconds(answer.members.expires_in) ?? 900) * 1000,
    interval: readSeconds(answer.members.interval) ?? 5,
  });
}

/**
 * Reads the answer to a poll; what is neither tokens nor one of the four states is an error.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.5 RFC 8628 section 3.5}
 * @throws TokenRequestError; `unavailable` and `unknown` pass: poll again, with a longer pause.
 */
export async function readDeviceTokenResponse(response: Response, context: TokenContext): Promise<DevicePoll> {
  try {
    return { state: "tokens", tokens: await readTokenResponse(response, { ...context, request: "device" }) };
  } catch (error) {
    const state = TokenRequestError.isInstance(error) ? states.get(error.error) : undefined;
    if (state === undefined) throw error;
    return { state };
  }
}

const states: ReadonlyMap<string | undefined, "pending" | "slowDown" | "expired" | "denied"> = /* @__PURE__ */ new Map([
  ["authorization_pending", "pending"],
  ["slow_down", "slowDown"],
  ["expired_token", "expired"],
  ["access_denied", "denied"],
  // Entra's word for it.
  ["authorization_declined", "denied"],
] as const);

/**
 * Begins a login on another screen. The waiting between the polls is the caller's.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.1 RFC 8628 section 3.1}
 * @throws TokenRequestError where the provider gives no codes, ConfigurationError where it has no such endpoint.
 * @example
 * const login = await requestDeviceAuthorization(client, { scope: ["profile"] });
 * console.log(`Enter ${login.userCode} at ${login.verificationUri}`);
 */
export async function requestDeviceAuthorization(
  client: Client,
  options: DeviceAuthorizationOptions = {},
): Promise<DeviceAuthorization> {
  const now = (options.now ?? Date.now)();
  return send(
    () => buildDeviceAuthorizationRequest(client, options.scope, options.parameters),
    options,
    (response) => readDeviceAuthorizationResponse(response, { client, now }),
  );
}

/**
 * Asks once whether somebody has answered at the other screen.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8628#section-3.4 RFC 8628 section 3.4}
 * @throws TokenRequestError; `unavailable` and `unknown` pass: poll again, with a longer pause.
 */
export async function pollDevice(
  client: Client,
  { deviceCode }: Pick<DeviceAuthorization, "deviceCode">,
  options: CodeExchangeOptions = {},
): Promise<DevicePoll> {
  const createdAt = (options.now ?? Date.now)();
  const { scope = [], extra = {}, parameters, onClaims, onKept } = options;
  const { provider } = client;
  const check = checking(client, { request: "device", extra, now: createdAt }, onKept, onClaims);
  const context = { scope, refreshToken: null, createdAt, authorizedAt: createdAt, provider, check };
  return send(
    () => buildDeviceTokenRequest(client, deviceCode, parameters),
    options,
    (response) => readDeviceTokenResponse(response, context),
    provingWith(provider.proveRequest, extra),
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** It is shown, and perhaps opened: nothing but a web page will do. Unlike an endpoint it may have a fragment, as `/#/device`. */
function readUri(value: unknown, allowInsecureLoopback: boolean): string | null {
  try {
    const { href, hash } = new URL(value as string);
    return (
      parseEndpoint("verificationUri", href.slice(0, href.length - hash.length), allowInsecureLoopback).href + hash
    );
  } catch {
    return null;
  }
}
