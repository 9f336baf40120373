import { type Callback, spendCallback } from "./callback.ts";
import type { Claims } from "./claims.ts";
import type { Client } from "./client.ts";
import { type DeadlineOptions, withDeadline } from "./deadline.ts";
import { PixyError, ReauthRequiredError, TokenRequestError } from "./errors.ts";
import { type KeptMembers, readKept } from "./kept-members.ts";
import type { ExtraParameters } from "./parameters.ts";
import { printable } from "./printable.ts";
import { provingWith, sendProven } from "./proof.ts";
import type { AttemptExtra, ProveRequest, TokenCheck } from "./provider-steps.ts";
import {
  buildClientCredentialsRequest,
  buildCodeRequest,
  buildRefreshRequest,
  buildRevocationRequest,
  type RevocationRequest,
  type TokenRequest,
} from "./token-request.ts";
import { readRevocationResponse, readTokenResponse, type TokenContext } from "./token-response.ts";
import type { Tokens } from "./tokens.ts";

export interface TokenRequestOptions extends DeadlineOptions {
  readonly fetch?: typeof fetch | undefined;
  /** Rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the client's authentication and the whole answer, default 10,000. */
  readonly timeout?: number | undefined;
  /** Further parameters, e.g. `resource` (RFC 8707 section 2.2); those that carry the protocol are refused. */
  readonly parameters?: ExtraParameters | undefined;
  /** The clock in milliseconds, default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

export interface CodeExchangeOptions extends TokenRequestOptions {
  /** What the login asked for; it holds where the answer names no scope. */
  readonly scope?: readonly string[] | undefined;
  /** What the provider's `authorizationParameters` wanted kept; its `checkTokens` gets it back. */
  readonly extra?: AttemptExtra | undefined;
  /** Called with what the provider's `checkTokens` returned, if anything, before the tokens are there. */
  readonly onClaims?: ((claims: Claims) => void) | undefined;
  /** Called with the members of the answer that the provider's `keep` names, before the tokens are there. */
  readonly onKept?: ((kept: KeptMembers) => void) | undefined;
}

export interface RefreshOptions extends TokenRequestOptions {
  /** As at the exchange of a code; what an answer leaves out is as it was. */
  readonly onKept?: CodeExchangeOptions["onKept"];
}

/**
 * Exchanges the code of a validated callback for tokens; each callback once.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749 section 4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.5 RFC 7636 section 4.5}
 * @throws TokenRequestError where the provider gives no tokens, ConfigurationError for a callback that was not validated.
 */
export async function exchangeCode(
  client: Client,
  callback: Callback,
  verifier: string,
  options: CodeExchangeOptions = {},
): Promise<Tokens> {
  const createdAt = (options.now ?? Date.now)();
  const { scope = [], extra = {}, parameters, onClaims, onKept } = options;
  const build = async (): Promise<TokenRequest> => {
    const request = await buildCodeRequest(client, callback, verifier, parameters);
    spendCallback(client, callback);
    return request;
  };
  const check = checking(client, { request: "code", extra, now: createdAt }, onKept, onClaims);
  const context = { scope, refreshToken: null, createdAt, authorizedAt: createdAt, provider: client.provider, check };
  return send(
    build,
    options,
    (response) => readTokenResponse(response, context),
    provingWith(client.provider.proveRequest, extra),
  );
}

/**
 * Refreshes once, without any coordination; what the answer leaves out (refresh token, scope) is kept.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 * @throws ReauthRequiredError without a refresh token, else TokenRequestError.
 */
export async function refreshTokens(client: Client, tokens: Tokens, options: RefreshOptions = {}): Promise<Tokens> {
  const { refreshToken, scope, authorizedAt, refreshTokenExpiresAt } = tokens;
  const { provider } = client;
  if (!refreshToken) {
    throw new ReauthRequiredError("The access token cannot be renewed: no refresh token came with it.", {
      hint: "Send the user through a new login. Providers give a refresh token for the scope offline_access, or for access_type=offline and prompt=consent.",
    });
  }
  const createdAt = (options.now ?? Date.now)();
  const check = checking(client, { request: "refresh", tokens, now: createdAt }, options.onKept);
  const context = { scope, refreshToken, createdAt, authorizedAt, refreshTokenExpiresAt, provider, check };
  return send(
    () => buildRefreshRequest(client, refreshToken, options.parameters),
    options,
    (response) => readTokenResponse(response, context),
    provingWith(provider.proveRequest, tokens.extra),
  );
}

/** Hands the whole answer to the provider and to the caller, before there are tokens. */
export function checking(
  { provider, clientId }: Client,
  asked:
    | Omit<TokenCheck & { request: "code" | "device" }, "clientId">
    | Omit<TokenCheck & { request: "refresh" }, "clientId">,
  onKept: CodeExchangeOptions["onKept"],
  onClaims?: CodeExchangeOptions["onClaims"],
): TokenContext["check"] {
  return async (answer) => {
    const checked = (await provider.checkTokens?.(answer, { ...asked, clientId })) ?? {};
    if (checked.claims) onClaims?.(checked.claims);
    onKept?.(readKept(provider, answer));
    return checked.extra ?? (asked.request === "refresh" ? asked.tokens.extra : undefined);
  };
}

/**
 * Requests tokens for the client itself, without a user.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749 section 4.4}
 * @throws TokenRequestError where the provider gives none.
 */
export async function requestClientCredentials(
  client: Client,
  request: { readonly scope?: readonly string[] | undefined } = {},
  options: TokenRequestOptions = {},
): Promise<Tokens> {
  const { scope = [] } = request;
  const createdAt = (options.now ?? Date.now)();
  const { provider } = client;
  const kind = "clientCredentials" as const;
  const context = { scope, refreshToken: null, createdAt, authorizedAt: createdAt, provider, request: kind };
  return send(
    () => buildClientCredentialsRequest(client, scope, options.parameters),
    options,
    (response) => readTokenResponse(response, context),
    provider.proveRequest,
  );
}

export interface RevocationOptions extends TokenRequestOptions {
  /** What the token is; some servers look no further than the kind that they are told. RFC 7009 section 2.1. */
  readonly kind?: "refresh_token" | "access_token" | undefined;
}

/**
 * Revokes a token; the provider answers alike for one that it does not know.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009 RFC 7009}
 * @throws TokenRequestError where it cannot be revoked, ConfigurationError where the provider has no such endpoint.
 */
export async function revokeToken(client: Client, token: string, options: RevocationOptions = {}): Promise<void> {
  const { kind, parameters } = options;
  const hinted = kind && !client.provider.revocation;
  return send(
    () => buildRevocationRequest(client, token, hinted ? { ...parameters, token_type_hint: kind } : parameters),
    options,
    (response) => readRevocationResponse(response, (options.now ?? Date.now)(), client.provider),
  );
}

/** Sends one request within its deadline; an error tells nothing that was sent. */
export async function send<T>(
  build: () => Promise<TokenRequest | RevocationRequest>,
  options: TokenRequestOptions,
  read: (response: Response) => Promise<T>,
  prove?: ProveRequest,
): Promise<T> {
  const fetchNow = options.fetch ?? globalThis.fetch;
  let sent: TokenRequest | RevocationRequest | undefined;
  const late = (): Error =>
    new TokenRequestError("The provider did not answer in time.", {
      code: "provider_timeout",
      // Unsent, it waited for the client's authentication or for a proof.
      outcome: sent ? "unknown" : "unavailable",
      hint: "The provider may have acted on the request. Raise timeout if it is slow.",
    });
  try {
    return await withDeadline(
      async (signal) => {
        const request = await build();
        // What came too late is not sent: nobody would wait for its answer.
        signal.throwIfAborted();
        const { url, method, headers, body } = request;
        const response = await sendProven(prove, { method, url }, null, (proof) => {
          sent = request;
          for (const [name, value] of Object.entries(proof)) headers.set(name, value);
          return fetchNow(url, {
            method,
            headers,
            body: body === null ? null : String(body),
            redirect: "manual",
            signal,
          });
        });
        return read(response);
      },
      options,
      late,
    );
  } catch (error) {
    if (sent && TokenRequestError.isInstance(error)) throw withoutSecrets(error, sent);
    if (!sent || PixyError.isInstance(error) || options.signal?.aborted) throw error;
    throw networkError(error, sent);
  }
}

const secretParameters = /code|token$|client_(secret|assertion)$/;

function formOf({ body }: TokenRequest | RevocationRequest): URLSearchParams {
  return new URLSearchParams(
    typeof body === "string" ? (JSON.parse(body) as Record<string, string>) : (body ?? undefined),
  );
}

function authorizationOf({ headers }: TokenRequest | RevocationRequest): string {
  return (headers.get("Authorization") ?? "").replace(/\w+ /, "");
}

// A provider may repeat what was sent ("token AQ… is revoked"), and its words end in logs.
function withoutSecrets(failed: TokenRequestError, request: TokenRequest | RevocationRequest): TokenRequestError {
  const { code, outcome, hint, status, retryAfter, error, errorDescription } = failed;
  const words = `${error} ${errorDescription}`;
  const sent = [...formOf(request)].filter(([name]) => secretParameters.test(name)).map(([, value]) => value);
  const secrets = [...sent, authorizationOf(request)].filter((secret) => secret.length >= 8);
  // By its beginning, because the provider's words are cut after some length.
  const tells = (text: string): boolean => secrets.some((secret) => text.includes(secret.slice(0, 8)));
  if (!tells(words)) return failed;
  const kept = error !== undefined && !tells(error) ? error : undefined;
  return new TokenRequestError(`The provider answered with ${kept ?? "an error that repeats the request"}.`, {
    ...{ code, outcome, hint, status, retryAfter },
    error: kept,
  });
}

// Before these, nothing of the request left the machine.
const notSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|ERR_TLS_.*|CERT_.*|.*_SIGNED_CERT.*|UNABLE_TO_.*)$/;

function networkError(error: unknown, request: TokenRequest | RevocationRequest): TokenRequestError {
  let code = "";
  let story = "";
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    story += `${story && " <- "}${cause.name}: ${cause.message}`;
    if ("code" in cause && typeof cause.code === "string") code = cause.code;
  }
  // A fetch of the caller's may put the request into its error; then only the code is kept.
  const form = formOf(request);
  const secrets = [...form.values(), ...String(form).split(/[&=]/), authorizationOf(request)];
  const told = secrets.some((secret) => secret && story.includes(secret.slice(0, 8))) ? code : story;
  const unsent = notSent.test(code);
  return new TokenRequestError(`The provider could not be reached${code && ` (${code})`}.`, {
    code: "provider_unavailable",
    outcome: unsent ? "unavailable" : "unknown",
    hint: unsent
      ? "Check the endpoint's host and the network."
      : "The provider may have acted on the request. Try again later.",
    cause: told ? new Error(printable(told, 300)) : undefined,
  });
}
