import {
  countFailure,
  type RefreshFailures,
  TokenRequestError,
  type TokenRequestErrorCode,
  type Tokens,
} from "@pixy/core";
import type { StoredRecord } from "../record/record-store.ts";
import { SessionTooLargeError } from "../sealing/too-large.ts";
import { saveLater } from "./commit-retry.ts";
import { readNote, waitBefore, writeNote } from "./failure-note.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

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

interface FailedOutcome {
  readonly outcome: "unavailable" | "unknown" | "misconfigured" | "refused";
  /** Milliseconds until the next try. */
  readonly wait: number;
  /** Absent where another worker met the failure. */
  readonly cause: unknown;
}

/** Milliseconds that must be left of the lease beyond the request's own time when it is sent. */
const leaseMargin = 2_000;

/**
 * Refreshes one session, at most one token request at a time over all workers that share the store, in named steps:
 * take the lease, look again, request, commit in the order of fences. Never rejects.
 *
 * Fences order the store, not the provider: a worker that is paused for longer than its lease may still send an old
 * token. Nobody can rule that out; what can be ruled out is that its late result wins over a newer one, or that its
 * refusal ends a session whose good answer is still on its way. The latter is what intents are for.
 */
export async function refreshSession<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
): Promise<RefreshOutcome<Session>> {
  const { store, timing } = world;
  const giveUp = world.elapsed() + timing.patience;
  let pollAfter = 25;
  for (;;) {
    const asked = world.elapsed();
    let fence: number;
    let noted: RefreshFailures | null;
    try {
      const acquired = await store.acquire(seen.key, {
        lease: timing.lease,
        intent: timing.intent,
      });
      if (acquired.state === "gone") return { outcome: "ended", reason: "gone" };
      if (acquired.state === "held") {
        if (world.elapsed() >= giveUp) return unavailable(1_000, "Another worker holds the refresh for too long.");
        await waitForHolder(world, seen, Math.min(pollAfter, acquired.remaining));
        pollAfter = Math.min(250, pollAfter * 2);
        const settled = await lookAgain(world, seen);
        if (settled) return settled;
        continue;
      }
      fence = acquired.fence;
      noted = readNote(acquired.stored);
      const settled = await judge(world, seen, acquired.stored);
      if (settled) {
        await giveBack(world, seen, fence);
        return settled;
      }
    } catch (error) {
      // The token could not be saved, so it is not spent.
      return unavailable(1_000, error);
    }

    const attempt = await sendUnderLease(world, seen, noted, asked + timing.lease);
    switch (attempt.result) {
      case "tokens":
        return commit(world, seen, attempt, fence);
      case "refused":
        return conclude(world, seen, fence, attempt.cause);
      case "lease too short":
        // Look at the world anew, under a new lease, before the token is sent.
        await giveBack(world, seen, fence);
        if (world.elapsed() >= giveUp) return unavailable(1_000, "No lease lasts long enough for a token request.");
        continue;
      case "failed":
        return postpone(world, seen, fence, attempt);
    }
  }
}

/** Waits until it is time to look again, or until the store says that the holder has reported back. */
async function waitForHolder<Session extends Refreshable>(
  { store, wait }: RefreshWorld<Session>,
  { key }: Session,
  milliseconds: number,
): Promise<void> {
  const later = wait(milliseconds);
  await (store.settled === undefined ? later : Promise.race([later, store.settled(key, milliseconds)]));
}

type Attempt =
  | { readonly result: "tokens"; readonly tokens: Tokens; readonly sentAt: number }
  | { readonly result: "refused"; readonly cause: unknown }
  | { readonly result: "lease too short" }
  | Failed;

interface Failed {
  readonly result: "failed";
  readonly failed: RefreshFailures;
  readonly outcome: FailedOutcome["outcome"];
  readonly cause: unknown;
}

/** Sends the request while the lease lasts, and at once again where the schedule says so and there is time for it. */
async function sendUnderLease<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  noted: RefreshFailures | null,
  leaseEnds: number,
): Promise<Attempt> {
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
function countIn<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  before: RefreshFailures | null,
  sentAt: number,
  cause: unknown,
  otherwise: Verdict = outage,
): Failed {
  const { outcome, retryAfter, code } = TokenRequestError.isInstance(cause) ? cause : otherwise;
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

type Verdict = Pick<TokenRequestError, "outcome" | "retryAfter" | "code">;

const outage: Verdict = { outcome: "unavailable", retryAfter: undefined, code: "provider_unavailable" };
const lost: Verdict = { ...outage, outcome: "unknown" };

/** The offer of a login stands until a success: later failures of the provider do not withdraw it. */
function outcomeOf({ refusedSince }: RefreshFailures, outcome: TokenRequestError["outcome"]): FailedOutcome["outcome"] {
  return refusedSince !== null || outcome === "ended" ? "refused" : outcome;
}

/** Writes the new tokens in the order of fences: the pair that was issued last wins. */
async function commit<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  { tokens, sentAt }: { readonly tokens: Tokens; readonly sentAt: number },
  fence: number,
): Promise<RefreshOutcome<Session>> {
  let renewed: Awaited<ReturnType<typeof world.renew>>;
  try {
    renewed = await world.renew(seen, tokens, fence);
  } catch (error) {
    if (tokens.refreshToken === seen.tokens.refreshToken) {
      return postpone(world, seen, fence, countIn(world, null, sentAt, error));
    }
    // The tokens do not fit where sessions are kept, and those before are used up.
    if (SessionTooLargeError.isInstance(error)) return conclude(world, seen, fence, error, "too large");
    // The provider did its part and the answer is lost, with a token that it may not take twice.
    return postpone(world, seen, fence, countIn(world, null, sentAt, error, lost));
  }
  const save = () => world.store.commit(seen.key, fence, renewed.sealed, renewed.ttl);
  try {
    const result = await save();
    if (result === "committed") return { outcome: "refreshed", session: renewed.session };
    if (result === "superseded" || world.isReplaced) {
      const newer = await lookAgain(world, seen);
      if (newer && !(newer.outcome === "ended" && newer.reason === "gone")) return newer;
    }
    world.onOrphaned(renewed.session);
    return { outcome: "ended", reason: "gone" };
  } catch (error) {
    world.onCommitFailed(renewed.session, error, saveLater(world, renewed.session, save));
    return { outcome: "refreshed", session: renewed.session };
  }
}

/**
 * The provider says that the token is dead. Believed only when no better answer stands or is on its way, neither to a
 * worker that began before us nor to one that took over when our lease had ended.
 */
async function conclude<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  fence: number,
  cause: unknown,
  reason: "refused" | "too large" = "refused",
): Promise<RefreshOutcome<Session>> {
  const until = world.elapsed() + world.timing.intent;
  try {
    for (let pause = 25; ; pause = Math.min(500, pause * 2)) {
      const stored = await world.store.read(seen.key);
      const settled = await judge(world, seen, stored, { ignorePause: true });
      if (settled) {
        await giveBack(world, seen, fence);
        return settled;
      }
      const others = stored?.intents.filter((intent) => intent.fence !== fence) ?? [];
      if (others.length > 0 && world.elapsed() < until) {
        // Whoever took over decides with us out of the way; two that wait for each other would never end.
        if (others.some((intent) => intent.fence > fence)) await giveBack(world, seen, fence);
        await world.wait(pause);
        continue;
      }
      const result = await world.store.end(seen.key, fence, world.tombstone);
      if (result === "superseded" || (result === "gone" && world.isReplaced)) continue;
      return { outcome: "ended", reason: result === "gone" ? "gone" : reason, cause };
    }
  } catch (error) {
    // Without the store nobody knows whether a newer token stands there, and a session that was ended stays ended.
    await giveBack(world, seen, fence);
    return unavailable(1_000, error);
  }
}

/** Gives up for now and tells the other workers how long to wait, unless another one has settled it meanwhile. */
async function postpone<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  fence: number,
  { failed, outcome, cause }: Failed,
): Promise<RefreshOutcome<Session>> {
  const pause = Math.max(0, failed.pausedUntil - world.now());
  try {
    const stored = await world.store.read(seen.key);
    const settled = await judge(world, seen, stored, { ignorePause: true });
    if (settled) {
      await giveBack(world, seen, fence);
      return settled;
    }
    await world.store.release(seen.key, fence, { pause, note: writeNote({ ...failed, outcome }) });
  } catch {
    // The lease ends by itself.
  }
  return { outcome, wait: pause, cause };
}

async function lookAgain<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
): Promise<RefreshOutcome<Session> | null> {
  return judge(world, seen, await world.store.read(seen.key));
}

/** What the store says already settles it, or `null` when a token request is needed. */
async function judge<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  stored: StoredRecord | null,
  options: { readonly ignorePause?: boolean } = {},
): Promise<RefreshOutcome<Session> | null> {
  if (!stored) return { outcome: "ended", reason: "gone" };
  if (stored.ended) return { outcome: "ended", reason: "refused" };
  const { sealed } = stored;
  if (sealed !== null && (stored.fence > seen.fence || world.isReplaced?.(sealed, seen))) {
    const session = await world.open({ ...stored, sealed }, seen.key);
    if (session) return { outcome: "refreshed", session };
    return unavailable(1_000, "The session was written in a form that this version cannot read.");
  }
  if (options.ignorePause) return null;
  const wait = waitBefore(stored, world.rules, world.usableUntil(seen), world.now());
  if (wait === 0) return null;
  const failed = readNote(stored);
  return { outcome: failed ? outcomeOf(failed, failed.outcome) : "unavailable", wait, cause: undefined };
}

function unavailable(wait: number, cause: unknown): { outcome: "unavailable"; wait: number; cause: unknown } {
  return { outcome: "unavailable", wait, cause };
}

/** Gives up lease and intent. A store that fails here changes nothing: both end by themselves. */
async function giveBack<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  fence: number,
): Promise<void> {
  try {
    await world.store.release(seen.key, fence);
  } catch {
    // As above.
  }
}
