import { readChunked } from "../web/chunked-cookie.ts";
import { readCookies } from "../web/cookies.ts";
import { Memo } from "@pixy/grants";
import { isId, type OpenSession } from "./session.ts";
import { lifeLeft } from "./session-life.ts";
import type { SessionSeal } from "./session-seal.ts";
import type { MaybePromise, StoredSession } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";
import { storeAnswer } from "./store-answer.ts";
import { storeKey } from "@pixy/grants";
import type { UnsavedSessions } from "./unsaved-sessions.ts";

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

/** Finds the session that a Cookie header leads to. Synchronous where everything is at hand. */
export type FindSession<Data> = (cookieHeader: string | null) => MaybePromise<Found<Data>>;

/** A cookie that lives in the browser is sealed again after this share of its idle time. */
const idleShare = 0.1;

export function createSessionFinder<Data>(
  settings: Settings<Data>,
  sessionSeal: SessionSeal<Data>,
  unsaved: UnsavedSessions<Data>,
): FindSession<Data> {
  const { store, now, cookies, emit } = settings;
  const inCookie = store.scope === "cookie";
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
    const stored = storeAnswer(() => store.read(session.key, session.carried));
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
    const known = keys.get(id);
    const key = known ?? (await storeKey(id));
    const stored = await storeAnswer(() => store.read(key));
    const held = stored && (await unsaved.newerThan(key, stored.fence));
    if (held) return { ...nobody, session: held };
    // Not cleared: the answer might come after that of a new login, and take away its cookie. A dead id does no harm.
    if (stored === null) return nobody;
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    const session = await sessionSeal.openStored(key, stored.sealed);
    if (session === null || session.id !== id) return { ...nobody, clear: true };
    // Only now: what anybody may make up is not remembered. The session's own id, since the other is a slice that would
    // keep the whole Cookie header in memory.
    if (known === undefined) keys.set(session.id, key, 512);
    await prolong(session);
    return { ...nobody, session };
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
    await storeAnswer(() => store.touch(session.key, lifeLeft(settings, session.createdAt)));
  }

  return find;
}
