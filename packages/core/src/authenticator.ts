import type { Client } from "./client.ts";
import { withDeadline } from "./deadline.ts";
import { ReauthRequiredError, TokenRequestError } from "./errors.ts";
import { refreshTokens, requestClientCredentials, type TokenRequestOptions } from "./oauth-client.ts";
import { createTokens, expiresWithin, isExpired, type Tokens } from "./tokens.ts";

/** Supplies tokens that are valid now; safe to call concurrently. */
export interface Authenticator {
  /** Rejects with `ReauthRequiredError` when only a new login helps, with `TokenRequestError` while the provider is away. */
  tokens(options?: AuthenticatorOptions): Promise<Tokens>;
}

export interface AuthenticatorOptions {
  /** An access token that the API has just refused; it is not handed out again. */
  readonly rejected?: string | undefined;
  /** Ends this caller's wait; a refresh that others wait for goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface RenewalOptions extends Omit<TokenRequestOptions, "signal"> {
  /**
   * Saves new tokens; awaited before they are used. When it fails, the caller gets its error, and the next call
   * tries to save the same tokens again. Must not wait for this authenticator.
   */
  readonly onRefresh?: ((tokens: Tokens, previous: Tokens) => void | Promise<void>) | undefined;
  /** Seconds before the expiry at which tokens are renewed; default `refreshAhead(tokens)`. */
  readonly skew?: number | undefined;
}

/** Returns how many seconds before its expiry a token is renewed: 10 % of its lifetime, at most 120. */
export function refreshAhead(tokens: Tokens): number {
  return Math.min(120, (tokens.expiresIn ?? 0) / 10);
}

/** Hands out one access token as it is, until the API refuses it. */
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
          authorizedAt: 0,
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
 * Keeps a user's tokens valid: refreshes ahead of the expiry or after a refusal, once for all concurrent callers.
 * Throws `ReauthRequiredError` once the refresh token is dead; the provider is not asked again then.
 */
export function pkceAuthenticator(client: Client, initial: Tokens, options: RenewalOptions = {}): Authenticator {
  const { retryUnknown } = client.provider.refreshTokens;
  let dead: ReauthRequiredError | undefined;
  return renewing(createTokens(initial), options, async (previous) => {
    for (let attempt = 1; ; attempt++) {
      if (dead) throw dead;
      try {
        return await refreshTokens(client, previous, options);
      } catch (error) {
        if (!TokenRequestError.isInstance(error)) throw error;
        const retry = error.outcome === "unknown" && retryUnknown;
        if (retry && attempt === 1) continue;
        if (error.error === "invalid_grant") {
          dead = new ReauthRequiredError("The provider no longer accepts the refresh token.", { cause: error });
        } else if (error.outcome === "unknown" && !retryUnknown) {
          // The token may be used up, and showing it again would revoke the whole login.
          dead = new ReauthRequiredError("The refresh token was sent, and its answer was lost.", { cause: error });
        }
        throw dead ?? error;
      }
    }
  });
}

/** Supplies tokens of the client itself, requested at first use and again when they expire. RFC 6749 section 4.4. */
export function clientCredentialsAuthenticator(
  client: Client,
  request: { readonly scope?: readonly string[] | undefined } = {},
  options: RenewalOptions = {},
): Authenticator {
  return renewing(null, options, () => requestClientCredentials(client, request, options));
}

function renewing<T extends Tokens | null>(
  initial: T,
  options: RenewalOptions,
  renew: (previous: T extends null ? Tokens | null : Tokens) => Promise<Tokens>,
): Authenticator {
  const now = options.now ?? Date.now;
  let current: Tokens | null = initial;
  let refused: string | undefined;
  let unsaved: Tokens | undefined;
  let flight: Promise<Tokens> | undefined;
  let pause: { readonly until: number; readonly error: unknown } | undefined;

  async function replace(): Promise<Tokens> {
    if (pause && now() < pause.until) throw pause.error;
    const previous = current;
    // Kept until it is saved: the refresh token before it may be used up.
    unsaved ??= await renew(previous as T extends null ? Tokens | null : Tokens);
    if (previous) await options.onRefresh?.(unsaved, previous);
    current = unsaved;
    unsaved = undefined;
    return current;
  }

  function renewOnce(): Promise<Tokens> {
    flight ??= replace()
      .catch((error: unknown) => {
        if (TokenRequestError.isInstance(error) && error !== pause?.error && error.retryAfter) {
          pause = { until: now() + error.retryAfter * 1000, error };
        }
        throw error;
      })
      .finally(() => {
        flight = undefined;
      });
    return flight;
  }

  return {
    async tokens({ rejected, signal } = {}) {
      signal?.throwIfAborted();
      if (rejected !== undefined && rejected === current?.accessToken) refused = rejected;
      const held = current?.accessToken === refused ? null : current;
      if (held && !expiresWithin(held, options.skew ?? refreshAhead(held), now())) return held;
      try {
        const fresh = await withDeadline(renewOnce, { signal });
        if (fresh.accessToken !== refused) return fresh;
      } catch (error) {
        const failed = TokenRequestError.isInstance(error) || ReauthRequiredError.isInstance(error);
        if (failed && held && held.accessToken !== refused && !isExpired(held, now())) return held;
        throw error;
      }
      throw new ReauthRequiredError("The provider renewed the tokens with the access token that the API refused.");
    },
  };
}
