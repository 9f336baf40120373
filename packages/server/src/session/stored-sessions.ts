import { type MaybePromise, Memo, type RecordStore, storeKey } from "@pixy/grants";
import { absoluteEnd, isIdleDue, lifeLeft } from "../settings/lifetimes.ts";
import type { RememberedProvider } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { type Found, isReauthNeeded, nobody, readSessionCookie, stranger } from "./found.ts";
import { isId, type OpenSession } from "./session.ts";
import { createSessionCount } from "./session-count.ts";
import { createSessionIndex } from "./session-index.ts";
import { createRefresh } from "./session-refresh.ts";
import { createSessionSeal } from "./session-seal.ts";
import type { Sessions } from "./sessions.ts";
import { storeAnswer } from "./store-answer.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

/** Sessions that live sealed in a store; the browser's cookie holds their id. */
export function createStoredSessions<Data>(settings: Settings<Data>, store: RecordStore): Sessions<Data> {
  const { now, emit, absolute } = settings;
  const seal = createSessionSeal(settings, {
    purpose: "record",
    bindsKey: true,
    expiresAt: ({ createdAt }) => absoluteEnd(settings, createdAt),
  });
  const count = createSessionCount(settings);
  const unsaved = createUnsavedSessions(settings, store);
  const refresh = createRefresh(settings, { store: () => store, seal, keepUnsaved: unsaved.keep });
  const index = store.index && createSessionIndex(settings, store.index);
  const hasRoutes = ({ provider }: RememberedProvider) => settings.way(provider)?.provider.known?.routes !== undefined;
  const keys = new Memo<string>(8 * 1024 * 1024);
  const touched = new Memo<number>(8 * 1024 * 1024);

  function find(cookieHeader: string | null): MaybePromise<Found<Data>> {
    const id = readSessionCookie(settings, cookieHeader);
    return typeof id === "string" ? findStored(id) : id;
  }

  async function findStored(id: string): Promise<Found<Data>> {
    if (!isId(id)) {
      emit({ type: "cookie.rejected", reason: "foreign" });
      return stranger;
    }
    const known = keys.get(id);
    const key = known ?? (await storeKey(id));
    const stored = await storeAnswer(() => store.read(key));
    const held = stored && (await unsaved.newerThan(key, stored.fence));
    if (held) return { ...nobody, session: held };
    // Not cleared: the answer might come after that of a new login, and take away its cookie. A dead id does no harm.
    if (stored === null) return stranger;
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    const session = await seal.openStored(key, stored.sealed);
    if (session === null) return stranger;
    if (session.id !== id) return { ...nobody, clear: true };
    // Only now: what anybody may make up is not remembered. The session's own id, since the other is a slice that would
    // keep the whole Cookie header in memory.
    if (known === undefined) keys.set(session.id, key, 512);
    await prolong(session);
    return { ...nobody, session, reauthNeeded: isReauthNeeded(stored) };
  }

  /** Tells the store that the session is in use, seldom. */
  async function prolong(session: OpenSession<Data>): Promise<void> {
    const last = touched.get(session.key);
    if (last !== undefined && !isIdleDue(settings, last)) return;
    touched.set(session.key, now(), 256);
    if (last === undefined && !isIdleDue(settings, session.tokens.createdAt)) return;
    await storeAnswer(() => store.touch(session.key, lifeLeft(settings, session.createdAt)));
  }

  return {
    refreshNeedsCookie: false,
    find,
    async create(content, claims = null) {
      const key = await storeKey(content.id);
      const { session, sealed, ttl } = await seal.seal({ ...content, fence: 0, warned: false }, key);
      // First, so that no session is there that cannot be found.
      if (hasRoutes(content)) await storeAnswer(() => index?.add(key, content.issuer, claims, absolute));
      await storeAnswer(() => store.create(key, sealed, ttl));
      count.add();
      return session;
    },
    refresh,
    // The store has it, and the cookie does not change.
    hold() {},
    async delete(session) {
      seal.forget(session);
      unsaved.forget(session.key);
      await storeAnswer(() => store.delete(session.key));
      if (hasRoutes(session)) await storeAnswer(() => index?.remove(session.key));
    },
    async endOf(issuer, of) {
      const found = (await storeAnswer(() => index?.keysOf(issuer, of))) ?? [];
      let ended = 0;
      for (const key of found) {
        const stored = await storeAnswer(() => store.read(key));
        unsaved.forget(key);
        await storeAnswer(() => store.delete(key));
        await storeAnswer(() => index?.remove(key));
        if (stored === null || stored.ended) continue;
        ended++;
        emit({ type: "session.ended", session: key.slice(0, 8), reason: "provider" });
      }
      return ended;
    },
    isNewest: () => true,
    made: count.made,
    issue: ({ key, id, createdAt }) => ({ key, value: id, endsAt: absoluteEnd(settings, createdAt) }),
  };
}
