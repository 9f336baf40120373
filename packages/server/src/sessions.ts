import { clearChunked, readChunked, writeChunked } from "./chunked-cookie.ts";
import { type CookieEntry, readCookies } from "./cookies.ts";
import { storeUnavailable } from "./errors.ts";
import { Memo } from "./memo.ts";
import { isId, type OpenSession, type SessionContent } from "./session.ts";
import { createSessionSeal } from "./session-seal.ts";
import type { MaybePromise, StoredSession } from "./session-store.ts";
import type { Settings } from "./settings.ts";
import { createRefresh, type Refresh } from "./single-flight.ts";
import { storeKey } from "./store-key.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

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
  readonly refresh: Refresh<Data>;
  delete(session: OpenSession<Data>): Promise<void>;
  /**
   * Whether the session is the newest that this process knows of: an answer that comes late must not bring back one
   * that was deleted meanwhile, nor put an older cookie in the place of a newer one.
   */
  isNewest(session: OpenSession<Data>): boolean;
  setCookies(session: OpenSession<Data>, present: readonly CookieEntry[]): string[];
  clearCookies(present: readonly CookieEntry[]): string[];
}

/** A cookie that lives in the browser is sealed again after this share of its idle time. */
const idleShare = 0.1;

export function createSessions<Data>(settings: Settings<Data>): Sessions<Data> {
  const { store, now, cookies, secure, emit } = settings;
  const inCookie = store.scope === "cookie";
  const sessionSeal = createSessionSeal(settings);
  const unsaved = createUnsavedSessions(settings);
  const refresh = createRefresh(settings, sessionSeal, unsaved);
  const keys = new Memo<string>(8 * 1024 * 1024);
  const touched = new Memo<number>(8 * 1024 * 1024);

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
    const hit = sessionSeal.recall(value);
    if (hit === undefined) return openCarried(value);
    return hit === "expired" ? { ...nobody, clear: true } : compare(hit);
  }

  async function openCarried(value: string): Promise<Found<Data>> {
    const session = await sessionSeal.openCarried(value);
    if (typeof session === "object") return compare(session);
    emit({ type: "cookie.rejected", reason: session });
    // A cookie that somebody else sealed is somebody else's to clear.
    return { ...nobody, clear: session !== "foreign" };
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
      return sessionSeal
        .openStored(session.key, stored.sealed)
        .then((newer) => (newer ? { ...nobody, session: newer, renew: true } : { ...nobody, clear: true }));
    }
    // Sealed anew, under the current secret and for the whole idle time: the same cookie again would prolong nothing.
    if (session.stale || isIdleDue(session)) {
      return sessionSeal
        .seal(session, session.key)
        .then((renewed) => ({ ...nobody, session: renewed.session, renew: true }));
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
    const held = stored && (await unsaved.newerThan(key, stored.fence));
    if (held) return { ...nobody, session: held };
    // Not cleared: the answer might come after that of a new login, and take away its cookie. A dead id does no harm.
    if (stored === null) return nobody;
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    const session = await sessionSeal.openStored(key, stored.sealed);
    if (session === null || session.id !== id) return { ...nobody, clear: true };
    await prolong(session);
    return { ...nobody, session };
  }

  async function create(content: Omit<SessionContent<Data>, "fence" | "warned">): Promise<OpenSession<Data>> {
    const key = await storeKey(content.id);
    const { session, sealed, ttl } = await sessionSeal.seal({ ...content, fence: 0, warned: false }, key);
    await reading(() => store.create(key, sealed, ttl));
    return session;
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
    sessionSeal.forget(session);
    unsaved.forget(session.key);
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
