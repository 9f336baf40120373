import type { Client } from "./client.ts";
import { ReauthRequiredError, type TokenRequestError } from "./errors.ts";
import { refreshTokens, requestClientCredentials } from "./oauth-client.ts";
import type { RefreshFailures } from "./refresh-schedule.ts";
import { type AuthenticatorOptions, type RenewalOptions, renewing } from "./renewal.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** Supplies tokens that are valid now; safe to call concurrently. */
export interface Authenticator {
  /**
   * Supplies the tokens, renewed where they are due.
   *
   * @throws ReauthRequiredError when only a new login helps, TokenRequestError while the provider is away.
   */
  tokens(options?: AuthenticatorOptions): Promise<Tokens>;
}

/**
 * Hands out one access token as it is, until the API refuses it.
 *
 * @example
 * const fetch = authenticatedFetch(staticAuthenticator(accessToken), { origins: ["https://api.example"] });
 */
export function staticAuthenticator(tokens: Tokens | string): Authenticator {
  const fixed =
    typeof tokens === "string"
      ? createTokens({
          accessToken: tokens,
          tokenType: "Bearer",
          expiresIn: null,
          scope: [],
          refreshToken: null,
          createdAt: 0,
          authorizedAt: null,
        })
      : createTokens(tokens);
  let refused = false;
  return {
    async tokens(options = {}) {
      refused ||= options.rejected === fixed.accessToken;
      if (refused) throw new ReauthRequiredError("The API refused the access token, and there is no way to renew it.");
      return fixed;
    },
  };
}

/**
 * Keeps a user's tokens valid: refreshes ahead of the expiry or after a refusal, once for all concurrent callers, and
 * after a failure not before its pause is over. Its `tokens()` rejects with `ReauthRequiredError`, for a dead refresh token
 * always again, for a refused one (`kept`) until a later try succeeds; while the provider is away or the set-up is wrong with
 * `TokenRequestError`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 * @throws ConfigurationError for an option that there is not.
 * @example
 * const authenticator = pkceAuthenticator(client, tokens, { onRefresh: (tokens) => save(tokens) });
 * const { accessToken } = await authenticator.tokens();
 */
export function pkceAuthenticator(client: Client, initial: Tokens, options: RenewalOptions = {}): Authenticator {
  const tokens = renewing({
    rules: client.provider.refreshTokens,
    initial: createTokens(initial),
    options,
    renew: (previous) => refreshTokens(client, previous, options),
    explain: reauthOr,
  });
  return { tokens };
}

/**
 * Supplies tokens of the client itself, requested at first use and again when they expire.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749 section 4.4}
 * @throws ConfigurationError for an option that there is not; its `tokens()` rejects with `TokenRequestError`.
 * @example
 * const authenticator = clientCredentialsAuthenticator(client, { scope: ["reports"] });
 */
export function clientCredentialsAuthenticator(
  client: Client,
  request: { readonly scope?: readonly string[] | undefined } = {},
  options: RenewalOptions = {},
): Authenticator {
  const tokens = renewing<null>({
    rules: client.provider.refreshTokens,
    initial: null,
    options,
    renew: () => requestClientCredentials(client, request, options),
    explain: (_failed, error) => error,
  });
  return { tokens };
}

/** The offer of a login stands until a success: later failures of the provider do not withdraw it. */
function reauthOr({ ended, refusedSince }: RefreshFailures, error: TokenRequestError): Error {
  if (ended) return new ReauthRequiredError("The provider no longer accepts the refresh token.", { cause: error });
  if (refusedSince === null) return error;
  return new ReauthRequiredError("The provider refused the refresh token.", {
    kept: true,
    cause: error,
    hint: "Offer the login, and keep the tokens: they are tried again after a pause.",
  });
}
