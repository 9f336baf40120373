import type { TokenRequestErrorCode } from "./errors.ts";
import type { RefreshTokenRules } from "./refresh-token-rules.ts";
import type { TokenRequestOutcome } from "./refusals.ts";

/** What went wrong with a grant since its last success: plain JSON data, kept beside the tokens. Times are milliseconds since 1970. */
export interface RefreshFailures {
  /** How often in a row it failed otherwise than by a refusal. */
  readonly failures: number;
  /** How often the provider refused; outlives every pause and every other failure. */
  readonly refusals: number;
  /** When the first of the refusals came; from then on a login is offered. */
  readonly refusedSince: number | null;
  /** When the first request was sent whose answer was lost: the token may be used up. */
  readonly lostSince: number | null;
  /** Not asked again before this. */
  readonly pausedUntil: number;
  /** The token is dead, or was refused for 30 days; it is not sent again. */
  readonly ended: boolean;
}

/** One failed refresh. */
export interface FailedRefresh {
  readonly outcome: TokenRequestOutcome;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sentAt: number;
  /** What the provider asks for, in seconds. */
  readonly retryAfter?: number | undefined;
  /** Of the error: some say that tokens came and could not be used, so that the one that was sent may be used up. */
  readonly code?: TokenRequestErrorCode | undefined;
}

export interface PauseLimits {
  /** The longest pause in milliseconds, whoever asks for it; default: that of the outcome, and 15 minutes for `Retry-After`. */
  readonly longestPause?: number | undefined;
  /** From 0 to 1: shortens pauses by up to a quarter, so that many workers do not come back together. Default 1, not at all. */
  readonly spread?: number | undefined;
}

// Seconds of the first pause, which doubles, and of the longest.
const pauses: Readonly<Record<TokenRequestOutcome, readonly [first: number, longest: number]>> = {
  unavailable: [1, 10],
  unknown: [1, 10],
  misconfigured: [10, 60],
  refused: [10, 3600],
  ended: [0, 0],
};

const longestRetryAfter = 900;
const patience = 30 * 86_400_000;

/** Counts a failed refresh in; `before` is what failed since the last success, `now` milliseconds since 1970. */
export function countFailure(
  before: RefreshFailures | null,
  { outcome, sentAt, retryAfter = 0, code }: FailedRefresh,
  rules: RefreshTokenRules,
  now: number,
  { longestPause = Number.POSITIVE_INFINITY, spread = 1 }: PauseLimits = {},
): RefreshFailures {
  const isRefusal = outcome === "refused";
  const isLost = outcome === "unknown" || code === "tokens_rejected" || code === "token_type_unsupported";
  const failures = isRefusal ? 0 : (before?.failures ?? 0) + 1;
  const refusals = (before?.refusals ?? 0) + (isRefusal ? 1 : 0);
  const refusedSince = before?.refusedSince ?? (isRefusal ? now : null);
  const lostSince = before?.lostSince ?? (isLost ? sentAt : null);
  const [first, longest] = pauses[outcome];
  const isRepeatedAtOnce = outcome === "unknown" && failures === 1 && now < repeatableUntil(lostSince, rules);
  const own = isRepeatedAtOnce
    ? 0
    : Math.min(longest, first * 2 ** Math.min(30, (isRefusal ? refusals : failures) - 1));
  const asked = Math.min(longestRetryAfter, retryAfter);
  return {
    failures,
    refusals,
    refusedSince,
    lostSince,
    pausedUntil: now + Math.round(Math.min(longestPause, Math.max(own * (0.75 + spread / 4), asked) * 1000)),
    ended: outcome === "ended" || (isRefusal && now - (refusedSince ?? now) >= patience),
  };
}

/**
 * Returns when the refresh token may be sent next, in milliseconds since 1970; at most `now` means at once, infinity never.
 * `usableUntil` is when the access token stops to work: its expiry, or 0 once the API refused it.
 */
export function nextRefreshAt(
  failed: RefreshFailures | null,
  rules: RefreshTokenRules,
  usableUntil: number,
  now: number,
): number {
  if (!failed) return now;
  if (failed.ended) return Number.POSITIVE_INFINITY;
  const next = Math.max(now, failed.pausedUntil);
  // A token that may be used up is a risk only while the access token works, which its reuse could revoke.
  return next < repeatableUntil(failed.lostSince, rules) ? next : Math.max(next, usableUntil);
}

function repeatableUntil(lostSince: number | null, { retryUnknown, grace = 0 }: RefreshTokenRules): number {
  if (lostSince === null || retryUnknown || grace === "unlimited") return Number.POSITIVE_INFINITY;
  return lostSince + grace * 1000;
}
