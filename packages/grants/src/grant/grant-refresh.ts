import { type KeptMembers, type Provider, refreshTokens, restateKept, revocableToken, revokeToken } from "@pixy/core";
import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import { shareFlight } from "../refresh/flights.ts";
import { refreshSession } from "../refresh/refresh.ts";
import type { RefreshOutcome } from "../refresh/refresh-outcome.ts";
import { defaultTiming, type RefreshStore, type RefreshWorld } from "../refresh/refresh-world.ts";
import type { OpenGrant } from "./grant-content.ts";
import { GrantError, grantUnreadable } from "./grant-error.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { nameOf, wordsOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { bytesOf } from "./grant-seal.ts";
import { warnOfReauth } from "./reauth-notice.ts";
import { answer } from "./store-answer.ts";

/** Refreshes a grant, at most once at a time in this process, and over all processes that share the store. */
export type GrantRefresh = (grant: OpenGrant, isRefused?: boolean) => Promise<RefreshOutcome<OpenGrant>>;

export function createGrantRefresh(settings: GrantSettings, ledger: GrantLedger): GrantRefresh {
  const { store, emit, now } = settings;
  const settled = store.settled?.bind(store);
  // Whoever waits is told that the store is away, in our words.
  const told: RefreshStore = {
    read: (key) => answer(() => store.read(key)),
    acquire: (key, options) => answer(() => store.acquire(key, options)),
    commit: (key, fence, sealed, ttl) => answer(() => store.commit(key, fence, sealed, ttl)),
    end: (key, fence, ttl) => answer(() => store.end(key, fence, ttl)),
    release: (key, fence, options) => answer(() => store.release(key, fence, options)),
    ...(settled && { settled }),
  };

  async function lead(grant: OpenGrant, isRefused: boolean): Promise<RefreshOutcome<OpenGrant>> {
    const found = await providerOf(settings, grant);
    if (found instanceof Error) return { outcome: "unavailable", wait: 1_000, cause: found };
    const made: { grant: OpenGrant | null } = { grant: null };
    const outcome = await refreshSession(worldOf(found, isRefused, made), grant);
    await report(grant, outcome, made.grant, found);
    return outcome;
  }

  function worldOf(provider: Provider, isRefused: boolean, made: { grant: OpenGrant | null }): RefreshWorld<OpenGrant> {
    const { longestPause, idle } = settings;
    const restated: { kept: KeptMembers } = { kept: {} };
    return {
      store: told,
      timing: longestPause === undefined ? defaultTiming : { ...defaultTiming, longestPause },
      rules: provider.refreshTokens,
      now,
      usableUntil: (seen) => (isRefused ? 0 : seen.tokenExpiresAt),
      elapsed: monotonicMilliseconds,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      random: Math.random,
      tombstone: idle,
      open: async ({ sealed }, key) => {
        const read = await ledger.seal.open(key, sealed, "grant");
        return GrantError.isInstance(read) ? null : (read as OpenGrant);
      },
      // One grant has several seals: what is held until it can be saved differs from what the store still has.
      isReplaced: async (sealed, seen) => {
        if (sealed === seen.sealed) return false;
        const read = await ledger.seal.open(seen.key, sealed, "grant");
        return GrantError.isInstance(read) || (read as OpenGrant).id !== seen.id;
      },
      request: (seen) =>
        refreshTokens(settings.client(seen.provider, provider, seen.clientId), seen.tokens, {
          fetch: settings.fetch,
          now,
          timeout: defaultTiming.request,
          onKept: (kept) => {
            restated.kept = kept;
          },
        }),
      renew: async (seen, tokens, fence) => {
        const kept = restateKept(provider, seen.kept, restated.kept);
        const session = await ledger.seal.seal({ ...seen, tokens, kept, fence }, seen.key);
        made.grant = session;
        await ledger.note(session);
        return { session, sealed: session.sealed, ttl: idle };
      },
      onCommitFailed: (kept, error, saved) => {
        emit({ type: "refresh.commit_failed", grant: nameOf(kept), error });
        const save = () => told.commit(kept.key, kept.fence, kept.sealed, idle);
        void ledger.unsaved.keep(kept, bytesOf(kept.sealed), save, saved);
      },
      onOrphaned: (orphan) => void revokeOrphan(orphan),
    };
  }

  /** The grant was ended meanwhile. Where another one stands in its place, a revocation might end that one, too. */
  async function revokeOrphan(orphan: OpenGrant): Promise<void> {
    const stored = await Promise.resolve(store.read(orphan.key)).catch(() => undefined);
    if (stored !== null) return;
    await answer(() => store.index?.remove(orphan.key)).catch(() => {});
    await revoke(settings, orphan);
  }

  async function report(
    before: OpenGrant,
    outcome: RefreshOutcome<OpenGrant>,
    ours: OpenGrant | null,
    provider: Provider,
  ): Promise<void> {
    const grant = nameOf(before);
    if (outcome.outcome === "ended") {
      // Told once: by the worker that heard it from the provider, not by those that read of it.
      if (outcome.reason !== "gone" && outcome.cause !== undefined)
        emit({ type: "grant.ended", grant, reason: outcome.reason, error: outcome.cause });
    } else if (outcome.outcome !== "refreshed") {
      const { cause: error, wait, outcome: meaning } = outcome;
      if (error !== undefined) emit({ type: "refresh.failed", grant, outcome: meaning, error, wait });
    } else if (ours !== null && outcome.session === ours) {
      emit({ type: "tokens.refreshed", grant, rotated: ours.tokens.refreshToken !== before.tokens.refreshToken });
      await warnOfReauth(settings, ledger, ours, provider);
    }
  }

  return (grant, isRefused = false) =>
    shareFlight(["grant", settings.name, store.name, grant.key, grant.id, grant.fence], () => lead(grant, isRefused));
}

/** The provider that a grant belongs to, or why its tokens go nowhere. */
export async function providerOf(settings: GrantSettings, grant: OpenGrant): Promise<Provider | Error> {
  try {
    const provider = await settings.provider(grant.provider);
    if (provider.issuer === grant.issuer) return provider;
    return grantUnreadable(wordsOf(grant), `it was issued by ${grant.issuer}, and not by ${provider.issuer}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Revokes a grant where the provider has an endpoint for it (RFC 7009); a failure is told, not thrown. */
export async function revoke(settings: GrantSettings, grant: OpenGrant): Promise<void> {
  const provider = await providerOf(settings, grant);
  const revocable = provider instanceof Error ? null : revocableToken(provider, grant.tokens);
  if (provider instanceof Error || revocable === null) return;
  const { token, kind } = revocable;
  try {
    const client = settings.client(grant.provider, provider, grant.clientId);
    await revokeToken(client, token, { fetch: settings.fetch, kind });
  } catch (error) {
    settings.emit({ type: "revocation.failed", grant: nameOf(grant), error });
  }
}
