import type { Tokens } from "@pixy/core";
import { TokenRequestError } from "@pixy/core";
import type { StoredRecord } from "../record/record-store.ts";
import { saveLater } from "./commit-retry.ts";
import { pauseAfter } from "./refresh-pause.ts";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/**
 * - `refreshed`: `session` is the newest, written by us or by another worker.
 * - `ended`: the refresh token is dead (`refused`) or the session was deleted (`gone`); nobody sends the token again.
 * - `unavailable`: no answer to be had now; the session is untouched.
 * - `unknown`: the provider may have used up the refresh token, and the answer is lost; the session is kept.
 */
export type RefreshOutcome<Session> =
  | { readonly outcome: "refreshed"; readonly session: Session }
  | { readonly outcome: "ended"; readonly reason: "refused" | "gone"; readonly cause?: unknown }
  | { readonly outcome: "unavailable" | "unknown"; readonly wait: number; readonly cause: unknown };

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
    let fence: number | null = null;
    try {
      const acquired = await store.acquire(seen.key, {
        lease: timing.lease,
        intent: timing.intent,
      });
      if (acquired.state === "gone") return { outcome: "ended", reason: "gone" };
      if (acquired.state === "held") {
        if (world.elapsed() >= giveUp) return unavailable(1_000, "Another worker holds the refresh for too long.");
        await world.wait(Math.min(pollAfter, acquired.remaining));
        pollAfter = Math.min(250, pollAfter * 2);
        const settled = await lookAgain(world, seen);
        if (settled) return settled;
        continue;
      }
      fence = acquired.fence;
      const settled = await judge(world, seen, acquired.stored);
      if (settled) {
        await giveBack(world, seen, fence);
        return settled;
      }
    } catch (error) {
      // The token could not be saved, so it is not spent.
      return unavailable(1_000, error);
    }

    const attempt: Attempt = await sendUnderLease(world, seen, asked + timing.lease);
    switch (attempt.result) {
      case "tokens":
        return commit(world, seen, attempt.tokens, fence);
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

type Attempt =
  | { readonly result: "tokens"; readonly tokens: Tokens }
  | { readonly result: "refused"; readonly cause: unknown }
  | { readonly result: "lease too short" }
  | { readonly result: "failed"; readonly cause: unknown; readonly outcome: "unavailable" | "unknown" };

/** Sends the request while the lease lasts, and once more after an unknown outcome if there is time for it. */
async function sendUnderLease<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  leaseEnds: number,
): Promise<Attempt> {
  const { request, lease } = world.timing;
  for (let failed: Attempt | null = null; ; ) {
    // A worker that was paused here has lost its lease without knowing; it must not send.
    if (leaseEnds - world.elapsed() < Math.min(request + leaseMargin, lease)) {
      return failed ?? { result: "lease too short" };
    }
    try {
      return { result: "tokens", tokens: await world.request(seen) };
    } catch (error) {
      const failure = TokenRequestError.isInstance(error) ? error : null;
      if (failure?.error === "invalid_grant") return { result: "refused", cause: error };
      // Repeating is right: if the provider has not acted, this succeeds; if it has, the session is lost unless the
      // provider has a grace window, which this uses.
      const outcome = failure?.outcome === "unknown" ? "unknown" : "unavailable";
      const repeats = failed === null && world.retryUnknown && outcome === "unknown";
      failed = { result: "failed", cause: error, outcome };
      if (!repeats) return failed;
    }
  }
}

/** Writes the new tokens in the order of fences: the pair that was issued last wins. */
async function commit<Session extends Refreshable>(
  world: RefreshWorld<Session>,
  seen: Session,
  tokens: Tokens,
  fence: number,
): Promise<RefreshOutcome<Session>> {
  let renewed: Awaited<ReturnType<typeof world.renew>>;
  try {
    renewed = await world.renew(seen, tokens, fence);
  } catch (error) {
    // The new tokens do not fit where sessions are kept.
    return postpone(world, seen, fence, { outcome: "unavailable", cause: error });
  }
  const save = () => world.store.commit(seen.key, fence, renewed.sealed, renewed.ttl);
  try {
    const result = await save();
    if (result === "committed") return { outcome: "refreshed", session: renewed.session };
    if (result === "superseded") {
      const newer = await lookAgain(world, seen);
      if (newer) return newer;
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
      if (result === "superseded") continue;
      return { outcome: "ended", reason: result === "gone" ? "gone" : "refused", cause };
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
  failed: { readonly cause: unknown; readonly outcome: "unavailable" | "unknown" },
): Promise<RefreshOutcome<Session>> {
  let pause = 1_000;
  try {
    const stored = await world.store.read(seen.key);
    const settled = await judge(world, seen, stored, { ignorePause: true });
    if (settled) {
      await giveBack(world, seen, fence);
      return settled;
    }
    const failures = (stored?.failures ?? 0) + 1;
    pause = pauseAfter(world, failures, failed.cause);
    await world.store.release(seen.key, fence, { pause, failures });
  } catch {
    // The lease ends by itself.
  }
  return { outcome: failed.outcome, wait: pause, cause: failed.cause };
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
  if (stored.fence > seen.fence && stored.sealed !== null) {
    const session = await world.open({ ...stored, sealed: stored.sealed }, seen.key);
    if (session) return { outcome: "refreshed", session };
    return unavailable(1_000, "The session was written in a form that this version cannot read.");
  }
  if (stored.pause > 0 && !options.ignorePause) return unavailable(stored.pause, "Waiting after a failed refresh.");
  return null;
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
