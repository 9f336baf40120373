import { TokenRequestError } from "./errors.ts";
import type { Provider } from "./provider.ts";
import { readStatedEnd } from "./refresh-token-rules.ts";
import { outcomeOf, type TokenRequestKind } from "./refusals.ts";
import { discardBody, mediaType } from "./response-body.ts";
import { isScopeToken } from "./scope.ts";
import { readSeconds } from "./seconds.ts";
import { readAnswer } from "./token-answer.ts";
import { tokenFailure } from "./token-failure.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** What holds where the answer says nothing. */
export interface TokenContext {
  /** The requested scopes, or the granted ones before a refresh. */
  readonly scope: readonly string[];
  /** The refresh token before a refresh. */
  readonly refreshToken: string | null;
  /** Milliseconds, taken before the request was sent. */
  readonly createdAt: number;
  readonly authorizedAt: number | null;
  /** The end of the refresh token that was stated before; an absolute clock goes on where the answer states none. */
  readonly refreshTokenExpiresAt?: number | null | undefined;
  /** Default: `refresh` where there is a refresh token, else `code`. */
  readonly request?: TokenRequestKind | undefined;
  /** Whose reading of answers, token types and clocks counts; default: none of its own, `Bearer` alone. */
  readonly provider?:
    | (Pick<Provider, "answer" | "tokenTypes" | "accessTokens"> & Partial<Pick<Provider, "refreshTokens">>)
    | undefined;
  /** Sees the whole answer before there are tokens, and returns their `extra`; what it throws becomes `tokens_rejected`. */
  readonly check?:
    | ((answer: Readonly<Record<string, unknown>>) => Tokens["extra"] | Promise<Tokens["extra"]>)
    | undefined;
}

/**
 * Reads a token response into tokens. Tokens that arrived are never thrown away: a member that cannot be read counts as
 * absent, and what held before stays. Strict is the access token itself, and the media types that may carry it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.1 RFC 6749 section 5.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 * @throws TokenRequestError where there is no token that can be used.
 */
export async function readTokenResponse(response: Response, context: TokenContext): Promise<Tokens> {
  const {
    createdAt,
    authorizedAt,
    refreshToken,
    provider,
    request = refreshToken === null ? "code" : "refresh",
  } = context;
  const answer = await readAnswer(response, request);
  const found = provider?.answer?.tokens?.(answer.members, request) ?? answer.members;
  const { access_token, expires_in, scope, refresh_token, token_type } = found;
  if (!isTokenAnswer(response) || !isVisible(access_token)) {
    const outcome = response.redirected ? "unknown" : outcomeOf(answer, provider?.answer?.error);
    throw tokenFailure(response, answer, { outcome, now: createdAt });
  }
  const { tokenTypes = ["Bearer"] } = provider ?? {};
  if (!isKnownType(token_type, tokenTypes)) {
    throw tokenFailure(response, answer, {
      outcome: "misconfigured",
      now: createdAt,
      code: "token_type_unsupported",
      what: `tokens of the type ${token_type}`,
    });
  }
  let extra: Tokens["extra"];
  try {
    extra = await context.check?.(answer.members);
  } catch (error) {
    throw rejected(error);
  }
  const rules = provider?.refreshTokens;
  const stated = rules && readStatedEnd(found, rules, createdAt);
  const end = stated === undefined && rules?.stated?.clock === "absolute" ? context.refreshTokenExpiresAt : stated;
  return createTokens({
    accessToken: access_token,
    tokenType: "Bearer",
    // With 0 or less the tokens would be renewed for ever; of unknown expiry they are used until the API refuses them.
    expiresIn: readSeconds(expires_in) ?? provider?.accessTokens?.lifetime ?? null,
    scope: readScope(scope) ?? context.scope,
    refreshToken: isRefreshToken(refresh_token) ? refresh_token : refreshToken,
    createdAt,
    authorizedAt,
    refreshTokenExpiresAt: end,
    extra,
  });
}

// The answer is there, so the request is spent: what may pass is no reason to send it again.
function rejected(cause: unknown): TokenRequestError {
  const outcome = TokenRequestError.isInstance(cause) ? cause.outcome : undefined;
  return new TokenRequestError("The provider's checkTokens refused the answer.", {
    code: "tokens_rejected",
    outcome: outcome === "unavailable" ? "unknown" : outcome === "unknown" || outcome === "ended" ? outcome : "refused",
    hint: "See the cause.",
    cause,
  });
}

/** Throws the error of a revocation that failed; a token that the provider calls dead is revoked. RFC 7009 section 2.2. */
export async function readRevocationResponse(response: Response, now: number, provider: Provider): Promise<void> {
  const rule = provider.answer?.error;
  const isDone = response.ok && !response.redirected;
  if (isDone && !rule) return discardBody(response);
  const answer = await readAnswer(response, "revoke");
  const outcome = isDone ? rule?.(answer) : outcomeOf(answer, rule);
  if (outcome && outcome !== "ended") throw tokenFailure(response, answer, { outcome, now });
}

function isTokenAnswer(response: Response): boolean {
  const { ok, redirected, status } = response;
  const type = /^(application\/(([\w.-]+\+)?json|x-www-form-urlencoded)|text\/(plain|json|javascript)|)$/;
  return ok && !redirected && status !== 206 && type.test(mediaType(response));
}

// Anything else could break out of a header.
function isVisible(value: unknown): value is string {
  return typeof value === "string" && /^[!-~]+$/.test(value);
}

// It goes into a body, never into a header: a space in it is one of its letters (RFC 6749 appendix A.17).
function isRefreshToken(value: unknown): value is string {
  return typeof value === "string" && /^[ -~]+$/.test(value) && value.trim() !== "";
}

function isKnownType(type: unknown, known: readonly string[]): boolean {
  const given = typeof type === "string" ? type.trim().toLowerCase() : "";
  return !given || known.some((name) => name.toLowerCase() === given);
}

/** Reads a scope, also one with commas or as a list; null where nothing in it is a scope (RFC 6749 section 3.3). */
function readScope(value: unknown): readonly string[] | null {
  // A comma with a space behind it stands between two scopes, as one alone does.
  const items = typeof value === "string" ? value.split(value.includes(" ") ? /,? / : ",") : value;
  const scope = Array.isArray(items) ? items.filter(isScopeToken) : [];
  return scope.length > 0 ? scope : null;
}
