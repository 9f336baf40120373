import { expiresAt, refreshAhead, refreshTokens, type Tokens } from "@pixy/core";
import { clearChunked, readChunked, writeChunked } from "./chunked-cookie.ts";
import { type CookieEntry, readCookies } from "./cookies.ts";
import { storeUnavailable } from "./errors.ts";
import { Memo } from "./memo.ts";
import type { Settings } from "./options.ts";
import { processState } from "./process-state.ts";
import {
  defaultTiming,
  monotonicMilliseconds,
  type RefreshOutcome,
  type RefreshWorld,
  refreshSession,
} from "./refresh.ts";
import { revokeQuietly } from "./revocation.ts";
import { createSealer, type Sealer } from "./seal.ts";
import {
  isId,
  type OpenSession,
  type PackedSession,
  packSession,
  reauthDueAt,
  reauthNotice,
  type SessionContent,
  unpackSession,
  viewOf,
} from "./session.ts";
import type { CommitResult, MaybePromise, StoredSession } from "./session-store.ts";
import { storeKey } from "./store-key.ts";

/** What a Cookie header leads to. */
export interface Found<Data> {
  readonly session: OpenSession<Data> | null;
  /** The browser should be given this session anew: it is newer than what the cookie says. */
  readonly renew: boolean;
  /** The browser holds a cookie of ours that leads nowhere any more. */
  readonly clear: boolean;
  /** The refresh token was refused before. */
  readonly ended: boolean;
}

const nobody: Found<never> = { session: null, renew: false, clear: false, ended: false };

/** Opens, keeps, refreshes and ends sessions, wherever the store keeps them. */
export interface Sessions<Data> {
  find(cookieHeader: string | null): MaybePromise<Found<Data>>;
  create(content: Omit<SessionContent<Data>, "fence" | "warned">): Promise<OpenSession<Data>>;
  /** At most one at a time for a session in this process, and over all processes that share the store. */
  refresh(session: OpenSession<Data>, keepAlive?: KeepAlive): Promise<RefreshOutcome<OpenSession<Data>>>;
  delete(session: OpenSession<Data>): Promise<void>;
  /**
   * Whether the session is the newest that this process knows of: an answer that comes late must not bring back one
   * that was deleted meanwhile, nor put an older cookie in the place of a newer one.
   */
  isNewest(session: OpenSession<Data>): boolean;
  setCookies(session: OpenSession<Data>, present: readonly CookieEntry[]): string[];
  clearCookies(present: readonly CookieEntry[]): string[];
}

/** Keeps a worker running for work that outlives the request. */
export type KeepAlive = (promise: Promise<unknown>) => void;

/** A cookie that lives in the browser is sealed again after this share of its idle time. */
const idleShare = 0.1;

export function createSessions<Data>(settings: Settings<Data>): Sessions<Data> {
  const { store, now, provider, cookies, secure, emit } = settings;
  const inCookie = store.scope === "cookie";
  const sealer: Sealer<PackedSession> = createSealer({
    secrets: settings.secrets,
    purpose: inCookie ? "session" : "record",
    context: [provider.issuer, settings.clientId, cookies.session],
    now,
  });
  const opened = new Memo<OpenSession<Data>>();
  const keys = new Memo<string>(8 * 1024 * 1024);
  const touched = new Memo<number>(8 * 1024 * 1024);
  // What could not be saved yet, for this process only, with the step that saves it.
  const unsaved = new Memo<Unsaved<Data>>(8 * 1024 * 1024);
  const flights = processState("flights", () => new Map<string, Promise<unknown>>());

  function find(cookieHeader: string | null): MaybePromise<Found<Data>> {
    const entries = readCookies(cookieHeader, cookies.session);
    if (entries.length === 0) return nobody;
    const read = readChunked(cookies.session, entries);
    if ("problem" in read) {
      if (read.problem === "absent") return nobody;
      emit({ type: "cookie.rejected", reason: read.problem });
      return { ...nobody, clear: true };
    }
    return inCookie ? findCarried(read.value) : findStored(read.value);
  }

  function findCarried(value: string): MaybePromise<Found<Data>> {
    const hit = opened.get(value);
    if (hit === undefined) return openCarried(value);
    if (hit.expiresAt > now()) return compare(hit);
    opened.delete(value);
    return { ...nobody, clear: true };
  }

  async function openCarried(slice: string): Promise<Found<Data>> {
    // A copy: a slice that is remembered would keep the whole Cookie header in memory.
    const value = new TextDecoder().decode(new TextEncoder().encode(slice));
    const result = await sealer.open(value);
    const content = result.ok ? unpackSession<Data>(result.payload) : null;
    if (!result.ok || content === null) {
      const reason = result.ok ? "malformed" : result.reason;
      emit({ type: "cookie.rejected", reason });
      // A cookie that somebody else sealed is somebody else's to clear.
      return { ...nobody, clear: reason !== "foreign" };
    }
    const key = await storeKey(content.id);
    return compare(remember(content, key, value, result.expiresAt, result.stale));
  }

  /** Holds what the cookie carried against what the store knows. */
  function compare(session: OpenSession<Data>): MaybePromise<Found<Data>> {
    const stored = reading(() => store.read(session.key, session.carried));
    return stored instanceof Promise ? stored.then((value) => settle(session, value)) : settle(session, stored);
  }

  function settle(session: OpenSession<Data>, stored: StoredSession | null): MaybePromise<Found<Data>> {
    if (stored === null) return { ...nobody, clear: true };
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    if (stored.fence > session.fence) {
      return openStored(session.key, stored.sealed).then((newer) =>
        newer ? { ...nobody, session: newer, renew: true } : { ...nobody, clear: true },
      );
    }
    // Sealed anew, under the current secret and for the whole idle time: the same cookie again would prolong nothing.
    if (session.stale || isIdleDue(session)) {
      return seal(session, session.key).then((renewed) => ({ ...nobody, session: renewed.session, renew: true }));
    }
    // Spelled out: every hot request passes here, and copying an object costs more than making one.
    return { session, renew: false, clear: false, ended: false };
  }

  async function findStored(id: string): Promise<Found<Data>> {
    if (!isId(id)) {
      emit({ type: "cookie.rejected", reason: "foreign" });
      return nobody;
    }
    let key = keys.get(id);
    if (key === undefined) {
      key = await storeKey(id);
      keys.set(id, key, 512);
    }
    const stored = await reading(() => store.read(key));
    const held = unsaved.get(key);
    if (held && stored && held.session.fence > stored.fence) {
      if (held.isGivenUp) await saveAgain(held);
      return { ...nobody, session: held.session };
    }
    if (stored === null) return { ...nobody, clear: true };
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    const session = await openStored(key, stored.sealed);
    if (session === null || session.id !== id) return { ...nobody, clear: true };
    await prolong(session);
    return { ...nobody, session };
  }

  /** The store is back: what was given up is saved now, or its spent refresh token would end the session. */
  async function saveAgain({ session, save }: Unsaved<Data>): Promise<void> {
    try {
      await save();
      unsaved.delete(session.key);
    } catch {
      // Away again; the next request tries.
    }
  }

  async function openStored(key: string, sealed: string): Promise<OpenSession<Data> | null> {
    const hit = opened.get(sealed);
    if (hit !== undefined && hit.key === key) return hit.expiresAt > now() ? hit : null;
    const result = await sealer.open(sealed, inCookie ? {} : { subject: key });
    const content = result.ok ? unpackSession<Data>(result.payload) : null;
    if (!result.ok || content === null) {
      emit({ type: "cookie.rejected", reason: result.ok ? "malformed" : result.reason });
      return null;
    }
    return remember(content, key, sealed, result.expiresAt, result.stale);
  }

  function remember(
    content: SessionContent<Data>,
    key: string,
    sealed: string,
    expires: number,
    stale: boolean,
  ): OpenSession<Data> {
    const { tokens } = content;
    const tokenExpiresAt = expiresAt(tokens) ?? Number.POSITIVE_INFINITY;
    const session: OpenSession<Data> = {
      ...content,
      key,
      sealed,
      expiresAt: expires,
      stale,
      tokenExpiresAt,
      refreshDueAt: tokenExpiresAt - refreshAhead(tokens) * 1000 * (1 + spread(key)),
      carried: inCookie ? { sealed, fence: content.fence } : null,
      view: viewOf(content, key, provider),
    };
    opened.set(sealed, session, bytesOf(sealed));
    return session;
  }

  async function seal(
    content: SessionContent<Data>,
    key: string,
  ): Promise<{ session: OpenSession<Data>; sealed: string; ttl: number }> {
    const end = content.createdAt + settings.absolute;
    const expires = inCookie ? Math.min(now() + settings.idle, end) : end;
    const sealed = await sealer.seal(packSession(content), {
      expiresAt: expires,
      ...(inCookie ? {} : { subject: key }),
    });
    const ttl = Math.max(1, Math.min(settings.idle, end - now()));
    // Too large is told here, while somebody can still decide, and not as the headers are written.
    if (inCookie) writeChunked(cookies.session, sealed, { secure, maxAge: 1, present: [] });
    return { session: remember(content, key, sealed, expires, false), sealed, ttl };
  }

  async function create(content: Omit<SessionContent<Data>, "fence" | "warned">): Promise<OpenSession<Data>> {
    const key = await storeKey(content.id);
    const { session, sealed, ttl } = await seal({ ...content, fence: 0, warned: false }, key);
    await reading(() => store.create(key, sealed, ttl));
    return session;
  }

  function refresh(session: OpenSession<Data>, keepAlive?: KeepAlive): Promise<RefreshOutcome<OpenSession<Data>>> {
    // Complete, or tokens would cross between users: who asks, of whom, for which session, from which state of it.
    const name = [settings.instance, session.clientId, session.key, session.fence].join("\u001f");
    const running = flights.get(name) as Promise<RefreshOutcome<OpenSession<Data>>> | undefined;
    if (running) {
      return following(running, () => {
        if (flights.get(name) === running) flights.delete(name);
      });
    }
    const flight: Promise<RefreshOutcome<OpenSession<Data>>> = lead(session, keepAlive).finally(() => {
      if (flights.get(name) === flight) flights.delete(name);
    });
    flights.set(name, flight);
    // The refresh goes on when the person who caused it has gone: its result must be kept.
    keepAlive?.(flight);
    return flight;
  }

  async function lead(session: OpenSession<Data>, keepAlive?: KeepAlive): Promise<RefreshOutcome<OpenSession<Data>>> {
    const made: { session: OpenSession<Data> | null } = { session: null };
    const world: RefreshWorld<OpenSession<Data>> = {
      store,
      timing: defaultTiming,
      retryUnknown: provider.refreshTokens.retryUnknown,
      elapsed: monotonicMilliseconds,
      wait,
      random: Math.random,
      tombstone: Math.max(1, session.expiresAt - now()),
      open: (stored, key) => openStored(key, stored.sealed),
      request: (seen) =>
        refreshTokens(settings.client(seen.clientId), seen.tokens, {
          fetch: settings.fetch,
          now,
          timeout: defaultTiming.request,
        }),
      renew: async (seen, tokens, fence) => {
        const renewed = await seal({ ...seen, tokens, fence, warned: seen.warned || isReauthNear(tokens) }, seen.key);
        made.session = renewed.session;
        return renewed;
      },
      onCommitFailed: (kept, error, saved) => {
        const ttl = Math.max(1, Math.min(settings.idle, kept.createdAt + settings.absolute - now()));
        const entry: Unsaved<Data> = {
          session: kept,
          save: () => store.commit(kept.key, kept.fence, kept.sealed, ttl),
          isGivenUp: false,
        };
        unsaved.set(kept.key, entry, bytesOf(kept.sealed));
        emit({ type: "refresh.commit_failed", session: kept.view.id, error });
        const settled = saved.then((isSaved) => {
          entry.isGivenUp = !isSaved;
          if (isSaved && unsaved.get(kept.key) === entry) unsaved.delete(kept.key);
        });
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
    if (outcome.outcome === "unavailable" || outcome.outcome === "unknown") {
      emit({ type: "refresh.failed", session: id, error: outcome.cause, wait: outcome.wait });
    } else if (outcome.outcome === "ended") {
      opened.delete(before.sealed);
      // Told once: by the worker that heard it from the provider, not by those that read of it.
      if (outcome.reason === "refused" && outcome.cause !== undefined)
        emit({ type: "session.ended", session: id, reason: "refused" });
    } else if (outcome.outcome === "refreshed" && ours !== null && outcome.session === ours) {
      const rotated = ours.tokens.refreshToken !== before.tokens.refreshToken;
      emit({ type: "tokens.refreshed", session: id, rotated });
      const dueAt = ours.view.reauthDueAt;
      if (ours.warned && !before.warned && dueAt) emit({ type: "reauth.due", session: id, dueAt });
    }
  }

  function isReauthNear(tokens: Tokens): boolean {
    const dueAt = reauthDueAt(tokens, provider);
    return dueAt !== null && dueAt.getTime() - reauthNotice <= now();
  }

  function isIdleDue(session: OpenSession<Data>): boolean {
    const left = session.expiresAt - now();
    const end = session.createdAt + settings.absolute;
    return left < settings.idle * (1 - idleShare) && session.expiresAt < end;
  }

  /** Tells the store that the session is in use, seldom. */
  async function prolong(session: OpenSession<Data>): Promise<void> {
    const last = touched.get(session.key);
    if (last !== undefined && now() - last < settings.idle * idleShare) return;
    touched.set(session.key, now(), 256);
    if (last === undefined && now() - session.tokens.createdAt < settings.idle * idleShare) return;
    const end = session.createdAt + settings.absolute;
    await reading(() => store.touch(session.key, Math.max(1, Math.min(settings.idle, end - now()))));
  }

  function isNewest(session: OpenSession<Data>): boolean {
    if (!inCookie) return true;
    const stored = store.read(session.key, session.carried);
    return !(stored instanceof Promise) && stored !== null && !stored.ended && stored.fence <= session.fence;
  }

  async function remove(session: OpenSession<Data>): Promise<void> {
    opened.delete(session.sealed);
    unsaved.delete(session.key);
    await reading(() => store.delete(session.key));
  }

  function setCookies(session: OpenSession<Data>, present: readonly CookieEntry[]): string[] {
    const end = inCookie ? session.expiresAt : session.createdAt + settings.absolute;
    const maxAge = Math.max(1, Math.floor((end - now()) / 1000));
    return writeChunked(cookies.session, inCookie ? session.sealed : session.id, { secure, maxAge, present });
  }

  return {
    find,
    create,
    refresh,
    delete: remove,
    isNewest,
    setCookies,
    clearCookies: (present) => clearChunked(cookies.session, { secure, present }),
  };
}

interface Unsaved<Data> {
  readonly session: OpenSession<Data>;
  readonly save: () => MaybePromise<CommitResult>;
  isGivenUp: boolean;
}

/** What an opened session takes, as measured: a byte a character, nearly the same again for what was opened, the objects. */
function bytesOf(sealed: string): number {
  return sealed.length * 2 + 1200;
}

/** A store that fails says 503 to the person and keeps the session. */
function reading<T>(step: () => MaybePromise<T>): MaybePromise<T> {
  try {
    const value = step();
    return value instanceof Promise
      ? value.catch((error: unknown) => {
          throw storeUnavailable(error);
        })
      : value;
  } catch (error) {
    throw storeUnavailable(error);
  }
}

/** Waits for another request's refresh, but not for ever: that request's worker may have been stopped. */
async function following<Session>(
  flight: Promise<RefreshOutcome<Session>>,
  onStopped: () => void,
): Promise<RefreshOutcome<Session>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<RefreshOutcome<Session>>((resolve) => {
    const outcome = { outcome: "unavailable", wait: 1_000, cause: "The refresh of another request takes too long." };
    timer = setTimeout(() => {
      onStopped();
      resolve(outcome as RefreshOutcome<Session>);
    }, defaultTiming.intent);
  });
  try {
    return await Promise.race([flight, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** From 0 to a half, the same for a session on every machine: sessions that began together do not refresh together. */
function spread(key: string): number {
  return ((key.charCodeAt(0) * 64 + key.charCodeAt(1)) % 512) / 1024;
}
