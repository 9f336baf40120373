import {
  countFailure,
  type RefreshFailures,
  TokenRequestError,
  type TokenRequestErrorCode,
  type Tokens,
} from "@pixy/core";
import { outcomeOf } from "./judge.ts";
import type { FailedOutcome } from "./refresh-outcome.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/** What came of the token requests under one lease. */
export type Sent =
  | ({ readonly result: "tokens" } & SentTokens)
  | { readonly result: "refused"; readonly cause: unknown }
  | { readonly result: "lease too short" }
  | Failed;

export interface SentTokens {
  readonly tokens: Tokens;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

export interface Failed {
  readonly result: "failed";
  readonly failed: RefreshFailures;
  readonly outcome: FailedOutcome["outcome"];
  readonly cause: unknown;
}

/** Milliseconds that must be left of the lease beyond the request's own time when it is sent. */
const leaseMargin = 2_000;

/** Sends the request while the lease lasts, and at once again where the schedule says so and there is time for it. */
export async function sendUnderLease<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  noted: RefreshFailures | null,
  leaseEnds: number,
): Promise<Sent> {
  const { request, lease } = world.timing;
  let last: Failed | null = null;
  for (;;) {
    // A worker that was paused here has lost its lease without knowing; it must not send.
    if (leaseEnds - world.elapsed() < Math.min(request + leaseMargin, lease)) {
      return last ?? { result: "lease too short" };
    }
    const sentAt = world.now();
    try {
      return { result: "tokens", tokens: await world.request(seen), sentAt };
    } catch (cause) {
      const failed: Failed = countIn(world, last?.failed ?? noted, sentAt, cause);
      if (failed.failed.ended) return { result: "refused", cause };
      if (failed.failed.pausedUntil > world.now()) return failed;
      last = failed;
    }
  }
}

/** Counts a failed request in; what is no answer of the provider's is taken for an outage. */
export function countIn<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  before: RefreshFailures | null,
  sentAt: number,
  cause: unknown,
  otherwise: Verdict = outage,
): Failed {
  const { outcome, retryAfter, code }: Verdict = TokenRequestError.isInstance(cause) ? cause : otherwise;
  const limits = { longestPause: world.timing.longestPause, spread: world.random() };
  const failed = countFailure(
    before,
    { outcome, retryAfter, sentAt, code: code as TokenRequestErrorCode },
    world.rules,
    world.now(),
    limits,
  );
  return { result: "failed", failed, outcome: outcomeOf(failed, outcome), cause };
}

type Verdict = Pick<TokenRequestError, "outcome"> & Partial<Pick<TokenRequestError, "retryAfter" | "code">>;

const outage: Verdict = { outcome: "unavailable" };
/** The provider did its part, and what it gave is lost: it may not take the token twice. */
export const lostAnswer: Verdict = { outcome: "unknown" };
