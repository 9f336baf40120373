import { type KeptMembers, type Provider, refreshTokenEnds, refreshTokens, restateKept, type Tokens } from "@pixy/core";
import {
  defaultTiming,
  monotonicMilliseconds,
  type RefreshOutcome,
  type RefreshStore,
  type RefreshWorld,
  refreshSession,
  shareFlight,
} from "@pixy/grants";
import { RequestError } from "../errors.ts";
import { memoryOfEnd } from "../settings/lifetimes.ts";
import { type Recalled, recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { revokeQuietly } from "./revocation.ts";
import { type OpenSession, reauthNotice } from "./session.ts";
import type { SessionSeal } from "./session-seal.ts";

/** Keeps a worker running for work that outlives the request. */
export type KeepAlive = (promise: Promise<unknown>) => void;

/** Refreshes a session, at most once at a time in this process, and over all processes that share the store. */
export type Refresh<Data> = (
  session: OpenSession<Data>,
  keepAlive?: KeepAlive,
  /** The API has refused the access token before its time. */
  isRefused?: boolean,
) => Promise<RefreshOutcome<OpenSession<Data>>>;

export interface RefreshParts<Data> {
  /** Where the refresh of this session is ordered. */
  store(session: OpenSession<Data>): RefreshStore;
  readonly seal: SessionSeal<Data>;
  /** Keeps a session that the store could not take, until `saved` says that it has it. */
  keepUnsaved(session: OpenSession<Data>, saved: Promise<boolean>): Promise<void>;
}

export function createRefresh<Data>(settings: Settings<Data>, parts: RefreshParts<Data>): Refresh<Data> {
  const { now, emit } = settings;
  const { seal } = parts;

  function refresh(
    session: OpenSession<Data>,
    keepAlive?: KeepAlive,
    isRefused = false,
  ): Promise<RefreshOutcome<OpenSession<Data>>> {
    const { clientId, key, fence, provider } = session;
    const name = [settings.instance, provider ?? "", clientId, key, fence];
    return shareFlight(name, () => lead(session, keepAlive, isRefused), keepAlive);
  }

  async function lead(
    session: OpenSession<Data>,
    keepAlive: KeepAlive | undefined,
    isRefused: boolean,
  ): Promise<RefreshOutcome<OpenSession<Data>>> {
    const found = await providerOf(session, keepAlive);
    if ("outcome" in found) return found;
    const { way, provider } = found;
    const restated: { kept: KeptMembers } = { kept: {} };
    const made: { session: OpenSession<Data> | null } = { session: null };
    const world: RefreshWorld<OpenSession<Data>> = {
      store: parts.store(session),
      timing:
        settings.longestPause === undefined ? defaultTiming : { ...defaultTiming, longestPause: settings.longestPause },
      rules: provider.refreshTokens,
      now,
      usableUntil: (seen) => (isRefused ? 0 : seen.tokenExpiresAt),
      elapsed: monotonicMilliseconds,
      wait,
      random: Math.random,
      tombstone: memoryOfEnd(settings, session.createdAt),
      open: (stored, key) => seal.openStored(key, stored.sealed),
      request: (seen) =>
        refreshTokens(way.client(provider, seen.clientId), seen.tokens, {
          fetch: settings.fetch,
          now,
          timeout: defaultTiming.request,
          onKept: (kept) => {
            restated.kept = kept;
          },
        }),
      renew: async (seen, tokens, fence) => {
        const kept = restateKept(provider, seen.kept, restated.kept);
        const renewed = await seal.seal(
          { ...seen, ...{ tokens, kept, fence, warned: seen.warned || isReauthNear(provider, tokens) } },
          seen.key,
        );
        made.session = renewed.session;
        return renewed;
      },
      onCommitFailed: (kept, error, saved) => {
        emit({ type: "refresh.commit_failed", session: kept.view.id, error });
        const settled = parts.keepUnsaved(kept, saved);
        keepAlive?.(settled);
      },
      onOrphaned: (orphan) => revokeQuietly(settings, orphan, keepAlive),
    };
    const outcome = await refreshSession(world, session);
    report(session, outcome, made.session);
    return outcome;
  }

  function report(
    before: OpenSession<Data>,
    outcome: RefreshOutcome<OpenSession<Data>>,
    ours: OpenSession<Data> | null,
  ): void {
    const id = before.view.id;
    if (outcome.outcome === "ended") {
      seal.forget(before);
      // Told once: by the worker that heard it from the provider, not by those that read of it.
      if (outcome.reason !== "gone" && outcome.cause !== undefined)
        emit({ type: "session.ended", session: id, reason: outcome.reason, error: outcome.cause });
    } else if (outcome.outcome !== "refreshed") {
      // A pause that another worker began was told by it.
      const { cause: error, wait, outcome: meaning } = outcome;
      if (error !== undefined) emit({ type: "refresh.failed", session: id, outcome: meaning, error, wait });
    } else if (ours !== null && outcome.session === ours) {
      const rotated = ours.tokens.refreshToken !== before.tokens.refreshToken;
      emit({ type: "tokens.refreshed", session: id, rotated });
      const dueAt = ours.view.reauthDueAt;
      if (ours.warned && !before.warned && dueAt) emit({ type: "reauth.due", session: id, dueAt });
    }
  }

  /** The provider of a session, or what it means that there is none. */
  async function providerOf(
    session: OpenSession<Data>,
    keepAlive: KeepAlive | undefined,
  ): Promise<Recalled | RefreshOutcome<OpenSession<Data>>> {
    try {
      return await recall(settings, session, keepAlive);
    } catch (error) {
      if (!RequestError.isInstance(error)) throw error;
      if (error.status === 401) return { outcome: "ended", reason: "gone" };
      const outcome = error.code === "provider_misconfigured" ? "misconfigured" : "unavailable";
      return { outcome, wait: Number(error.headers["retry-after"]) * 1000, cause: error.cause };
    }
  }

  function isReauthNear(provider: Provider, tokens: Tokens): boolean {
    // The idle clock has just begun anew.
    const { absolute } = refreshTokenEnds(tokens, provider.refreshTokens);
    return absolute !== null && absolute - reauthNotice <= now();
  }

  return refresh;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
