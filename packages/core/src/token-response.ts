import {
  TokenRequestError,
  type TokenRequestErrorCode,
  type TokenRequestErrorInput,
  type TokenRequestOutcome,
} from "./errors.ts";
import { printable } from "./printable.ts";
import { discardBody, mediaType, parseObject, readText } from "./response-body.ts";
import { readRetryAfter } from "./retry-after.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** What holds where the answer says nothing. */
export interface TokenContext {
  /** The requested scopes, or the granted ones before a refresh. */
  readonly scope: readonly string[];
  /** The refresh token before a refresh. */
  readonly refreshToken: string | null;
  /** Milliseconds, taken before the request was sent. */
  readonly createdAt: number;
  readonly authorizedAt: number;
}

const largest = 65_536;

/**
 * Reads a token response into tokens: liberal where providers bend the standard (any 2xx, no `token_type`,
 * `expires_in` as text or unreadable, form-encoded body, scopes with commas), strict where it is security.
 * Throws `TokenRequestError`. RFC 6749 sections 5.1 and 5.2.
 */
export async function readTokenResponse(response: Response, context: TokenContext): Promise<Tokens> {
  await refuseFailure(response, context.createdAt);
  const data = await readData(response);
  if (typeof data?.error === "string" && data.error) throw providerError(data, response);
  const { access_token: accessToken, token_type: type, refresh_token: refreshToken, scope } = data ?? {};
  const wrong =
    response.status === 206 || !data
      ? "body"
      : !isVisible(accessToken)
        ? "access_token"
        : type != null && !(typeof type === "string" && type.toLowerCase() === "bearer")
          ? "token_type"
          : !isAbsent(refreshToken) && !isVisible(refreshToken)
            ? "refresh_token"
            : !isAbsent(scope) && typeof scope !== "string"
              ? "scope"
              : null;
  if (wrong) {
    throw failure(response, "invalid_token_response", "unknown", `a token response with an unusable ${wrong}`);
  }
  return createTokens({
    accessToken: accessToken as string,
    tokenType: "Bearer",
    expiresIn: readSeconds(data?.expires_in),
    scope: isAbsent(scope) ? context.scope : splitScope(scope as string),
    refreshToken: isAbsent(refreshToken) ? context.refreshToken : (refreshToken as string),
    createdAt: context.createdAt,
    authorizedAt: context.authorizedAt,
  });
}

/** Throws the `TokenRequestError` of an answer outside 2xx; shared by token and revocation requests. */
export async function refuseFailure(response: Response, now: number): Promise<void> {
  const { status } = response;
  if (response.redirected || response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    discardBody(response);
    const outcome = response.redirected ? "unknown" : "unavailable";
    throw failure(response, "token_endpoint_redirected", outcome, "a redirect, which is never followed with secrets");
  }
  if (response.ok) return;
  if (status === 429 || status === 503) {
    discardBody(response);
    const retryAfter = readRetryAfter(response, now) ?? undefined;
    const code = status === 429 ? "rate_limited" : "provider_unavailable";
    throw failure(response, code, "unavailable", `status ${status}`, { retryAfter });
  }
  if (status >= 500) {
    discardBody(response);
    throw failure(response, "provider_unavailable", "unknown", `status ${status}`);
  }
  const data = await readData(response);
  if (typeof data?.error === "string" && data.error) throw providerError(data, response);
  throw failure(response, "invalid_token_response", "unknown", `status ${status} without an OAuth error`);
}

function providerError(data: Readonly<Record<string, unknown>>, response: Response): TokenRequestError {
  const error = printable(data.error as string);
  const description = data.error_description;
  const errorDescription = typeof description === "string" ? printable(description) : undefined;
  if (error === "temporarily_unavailable" || error === "server_error") {
    const outcome = error === "server_error" ? "unknown" : "unavailable";
    return failure(response, "provider_unavailable", outcome, error, { errorDescription });
  }
  const code = error === "invalid_client" ? "client_authentication_failed" : "token_request_refused";
  return failure(response, code, "refused", error, { error, errorDescription });
}

function failure(
  response: Response,
  code: TokenRequestErrorCode,
  outcome: TokenRequestOutcome,
  what: string,
  details?: Partial<TokenRequestErrorInput>,
): TokenRequestError {
  return new TokenRequestError(`The provider answered with ${what}.`, {
    code,
    outcome,
    status: response.status,
    hint: hints[details?.error ?? code] ?? hints[outcome] ?? "",
    ...details,
  });
}

const hints: Readonly<Record<string, string>> = {
  invalid_grant:
    "A code works once and for minutes, with the redirect URI and verifier of its login; a refresh token may have ended. Send the user through a new login.",
  invalid_client: "Check the client id and the client authentication: none(), secretBasic() or secretPost().",
  token_endpoint_redirected: "Set tokenEndpoint (or revocationEndpoint) to the final URL.",
  rate_limited: "Wait for retryAfter seconds; the tokens you have stay valid.",
  invalid_token_response: "Check that the endpoint is the provider's token endpoint and that no proxy answers for it.",
  refused: "Compare the client's registration with the provider's dashboard.",
  unavailable: "Try again later; the tokens you have stay valid.",
  unknown: "The provider may have acted on the request. Try again later.",
};

async function readData(response: Response): Promise<Readonly<Record<string, unknown>> | null> {
  const type = mediaType(response);
  const form = type === "application/x-www-form-urlencoded";
  if (!form && !/^(application\/([\w.-]+\+)?json|text\/(plain|json|javascript)|)$/.test(type)) {
    discardBody(response);
    return null;
  }
  const text = await readText(response, largest);
  return form ? Object.fromEntries(new URLSearchParams(text ?? "")) : parseObject(text);
}

function isAbsent(value: unknown): boolean {
  return value == null || value === "";
}

// Anything else could break out of a header.
function isVisible(value: unknown): boolean {
  return typeof value === "string" && /^[!-~]+$/.test(value);
}

// An unreadable lifetime makes the token one of unknown expiry: to throw it away would cost a used-up refresh token.
function readSeconds(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && seconds >= 0 && seconds <= 1e10 ? Math.floor(seconds) : null;
}

function splitScope(scope: string): readonly string[] {
  return scope.split(scope.includes(" ") ? " " : ",").filter(Boolean);
}
