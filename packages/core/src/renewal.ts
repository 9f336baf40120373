import { withDeadline } from "./deadline.ts";
import { ReauthRequiredError, TokenRequestError, type TokenRequestErrorCode } from "./errors.ts";
import { checkMembers, type Members } from "./members.ts";
import type { TokenRequestOptions } from "./oauth-client.ts";
import { countFailure, nextRefreshAt, type RefreshFailures } from "./refresh-schedule.ts";
import type { RefreshTokenRules } from "./refresh-token-rules.ts";
import { expiresAt, expiresWithin, isExpired, type Tokens } from "./tokens.ts";

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

/** How one kind of tokens is renewed. */
export interface Renewal<T extends Tokens | null> {
  readonly rules: RefreshTokenRules;
  readonly initial: T;
  readonly options: RenewalOptions;
  readonly renew: (previous: T extends null ? Tokens | null : Tokens) => Promise<Tokens>;
  /** What callers are told of a failure. */
  readonly explain: (failed: RefreshFailures, error: TokenRequestError) => Error;
}

/** Renews tokens when they are due or refused: one request for all callers, and after a failure none before its time. */
export function renewing<T extends Tokens | null>(
  renewal: Renewal<T>,
): (options?: AuthenticatorOptions) => Promise<Tokens> {
  const { rules, initial, options, renew, explain } = renewal;
  checkMembers("", options, {
    ...{ fetch: 1, timeout: 1, parameters: 1, now: 1, onRefresh: 1, skew: 1 },
  } satisfies Members<keyof RenewalOptions>);
  const now = options.now ?? Date.now;
  let current: Tokens | null = initial;
  let refused: string | undefined;
  let unsaved: Tokens | undefined;
  let flight: Promise<Tokens> | undefined;
  let failed: RefreshFailures | null = null;
  let failure: Error | undefined;

  // Once the API refused it, or where there is none, nothing can be lost.
  function usableUntil(): number {
    return current && current.accessToken !== refused ? (expiresAt(current) ?? Number.POSITIVE_INFINITY) : 0;
  }

  async function request(previous: Tokens | null): Promise<Tokens> {
    for (;;) {
      const sentAt = now();
      if (failure && sentAt < nextRefreshAt(failed, rules, usableUntil(), sentAt)) throw failure;
      try {
        const fresh = await renew(previous as T extends null ? Tokens | null : Tokens);
        const isSame = fresh.accessToken === refused;
        failed = isSame ? countFailure(failed, { outcome: "refused", sentAt }, rules, now()) : null;
        failure = isSame ? sameAgain() : undefined;
        return fresh;
      } catch (error) {
        if (!TokenRequestError.isInstance(error)) throw error;
        const { outcome, retryAfter, code } = error;
        failed = countFailure(
          failed,
          { outcome, retryAfter, sentAt, code: code as TokenRequestErrorCode },
          rules,
          now(),
        );
        failure = explain(failed, error);
      }
    }
  }

  async function replace(): Promise<Tokens> {
    const previous = current;
    // Kept until it is saved: the refresh token before it may be used up.
    unsaved ??= await request(previous);
    if (previous) await options.onRefresh?.(unsaved, previous);
    current = unsaved;
    unsaved = undefined;
    return current;
  }

  function renewOnce(): Promise<Tokens> {
    flight ??= replace().finally(() => {
      flight = undefined;
    });
    return flight;
  }

  return async function tokens({ rejected, signal } = {}) {
    signal?.throwIfAborted();
    if (rejected === current?.accessToken) refused = rejected;
    const held = current?.accessToken === refused ? null : current;
    if (held && !expiresWithin(held, options.skew ?? refreshAhead(held), now())) return held;
    try {
      const fresh = await withDeadline(renewOnce, { signal });
      if (fresh.accessToken !== refused) return fresh;
    } catch (error) {
      const isOfTokens = TokenRequestError.isInstance(error) || ReauthRequiredError.isInstance(error);
      if (isOfTokens && held && held.accessToken !== refused && !isExpired(held, now())) return held;
      throw error;
    }
    throw sameAgain();
  };
}

function sameAgain(): ReauthRequiredError {
  return new ReauthRequiredError("The provider sent again the access token that the API refused.", {
    kept: true,
    hint: "Check that the API takes tokens of this provider and scope; they are renewed again after a pause.",
  });
}
