/**
 * - `refreshed`: `session` is the newest, written by us or by another worker.
 * - `ended`: the refresh token is dead (`refused`), its successor could not be kept (`too large`), or the session was
 *   deleted (`gone`); nobody sends the token again.
 * - `unavailable`: no answer to be had now; the session is untouched.
 * - `unknown`: the provider may have used up the refresh token, and the answer is lost; the session is kept.
 * - `misconfigured`: the registration or the description of the provider has to be changed; the session is kept.
 * - `refused`: the provider says no, but not that the token is dead: a login helps, and the session is kept.
 */
export type RefreshOutcome<Session> =
  | { readonly outcome: "refreshed"; readonly session: Session }
  | { readonly outcome: "ended"; readonly reason: "refused" | "gone" | "too large"; readonly cause?: unknown }
  | FailedOutcome;

/** No new tokens now; the session is kept. */
export interface FailedOutcome {
  readonly outcome: "unavailable" | "unknown" | "misconfigured" | "refused";
  /** Milliseconds until the next try. */
  readonly wait: number;
  /** Absent where another worker met the failure. */
  readonly cause: unknown;
}
