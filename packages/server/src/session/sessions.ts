import { clearChunked, writeChunked } from "../web/chunked-cookie.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { createSessionFinder, type FindSession } from "./found-session.ts";
import type { IssuedSession, OpenSession, SessionContent } from "./session.ts";
import { memoryOfEnd } from "./session-life.ts";
import { createSessionSeal } from "./session-seal.ts";
import type { Settings } from "../settings/settings.ts";
import { createRefresh, type Refresh } from "./single-flight.ts";
import { storeAnswer } from "./store-answer.ts";
import { storeKey } from "@pixy/grants";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

/** Opens, keeps, refreshes and ends sessions, wherever the store keeps them. */
export interface Sessions<Data> {
  readonly find: FindSession<Data>;
  create(content: Omit<SessionContent<Data>, "fence" | "warned">): Promise<OpenSession<Data>>;
  readonly refresh: Refresh<Data>;
  delete(session: OpenSession<Data>): Promise<void>;
  /**
   * Whether the session is the newest that this process knows of: an answer that comes late must not bring back one
   * that was deleted meanwhile, nor put an older cookie in the place of a newer one.
   */
  isNewest(session: OpenSession<Data>): boolean;
  setCookies(session: OpenSession<Data>, present: readonly CookieEntry[]): string[];
  issue(session: OpenSession<Data>): IssuedSession;
  /** The lines of `setCookies` for a session that was issued. */
  issuedCookies(issued: IssuedSession, present: readonly CookieEntry[]): string[];
  clearCookies(present: readonly CookieEntry[]): string[];
}

export function createSessions<Data>(settings: Settings<Data>): Sessions<Data> {
  const { store, now, cookies, secure } = settings;
  const inCookie = store.scope === "cookie";
  const sessionSeal = createSessionSeal(settings);
  const unsaved = createUnsavedSessions(settings);
  const refresh = createRefresh(settings, sessionSeal, unsaved);

  async function create(content: Omit<SessionContent<Data>, "fence" | "warned">): Promise<OpenSession<Data>> {
    const key = await storeKey(content.id);
    const { session, sealed, ttl } = await sessionSeal.seal({ ...content, fence: 0, warned: false }, key);
    await storeAnswer(() => store.create(key, sealed, ttl));
    return session;
  }

  function isNewest(session: OpenSession<Data>): boolean {
    if (!inCookie) return true;
    const stored = store.read(session.key, session.carried);
    return !(stored instanceof Promise) && stored !== null && !stored.ended && stored.fence <= session.fence;
  }

  async function remove(session: OpenSession<Data>): Promise<void> {
    sessionSeal.forget(session);
    unsaved.forget(session.key);
    await storeAnswer(() => store.delete(session.key, memoryOfEnd(settings, session.createdAt)));
  }

  function issue({ key, id, sealed, createdAt, expiresAt }: OpenSession<Data>): IssuedSession {
    return inCookie
      ? { key, value: sealed, endsAt: expiresAt }
      : { key, value: id, endsAt: createdAt + settings.absolute };
  }

  function issuedCookies({ value, endsAt }: IssuedSession, present: readonly CookieEntry[]): string[] {
    const maxAge = Math.max(1, Math.floor((endsAt - now()) / 1000));
    return writeChunked(cookies.session, value, { secure, maxAge, present });
  }

  return {
    find: createSessionFinder(settings, sessionSeal, unsaved),
    create,
    refresh,
    delete: remove,
    isNewest,
    setCookies: (session, present) => issuedCookies(issue(session), present),
    issue,
    issuedCookies,
    clearCookies: (present) => clearChunked(cookies.session, { secure, present }),
  };
}
