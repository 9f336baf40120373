import { type MaybePromise, type RecordStore, storeKey } from "@pixy/grants";
import { absoluteEnd } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import { andThen } from "../web/maybe-promise.ts";
import { type Found, isReauthNeeded, nobody, stranger } from "./found.ts";
import { revokeQuietly } from "./revocation.ts";
import type { OpenSession } from "./session.ts";
import { createSessionCount } from "./session-count.ts";
import { createSessionRecords, type FoundRecord, hasRoutes } from "./session-records.ts";
import { createRefresh } from "./session-refresh.ts";
import { asDeleted, createSessionSeal } from "./session-seal.ts";
import { mergeData, updateRecord } from "./session-update.ts";
import type { Sessions } from "./sessions.ts";
import { storeAnswer } from "./store-answer.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

/** Sessions that live sealed in a store, each with a grant of its own; the browser's cookie holds their id. */
export function createStoredSessions<Data>(settings: Settings<Data>, store: RecordStore): Sessions<Data> {
  const seal = createSessionSeal(settings, {
    purpose: "record",
    bindsKey: true,
    expiresAt: ({ createdAt }) => absoluteEnd(settings, createdAt),
  });
  const count = createSessionCount(settings);
  const records = createSessionRecords(settings, store);
  const { index } = records;
  const unsaved = createUnsavedSessions(settings, store);
  const refresh = createRefresh(settings, { store: () => store, seal, keepUnsaved: unsaved.keep });

  // No promise where all is at hand: every hot request passes here.
  function open({ id, key, stored }: FoundRecord): MaybePromise<Found<Data>> {
    const held = unsaved.newerThan(key, stored.fence);
    if (held !== null) return andThen(held, (session) => ({ ...nobody, session }));
    if (stored.ended || stored.sealed === null) return { ...nobody, clear: true, ended: stored.ended };
    return andThen(seal.openStored(key, stored.sealed), (session): MaybePromise<Found<Data>> => {
      if (session === null) return stranger;
      if (session.id !== id) return { ...nobody, clear: true };
      records.remember(session.id, key);
      const found = { session, renew: false, clear: false, ended: false, reauthNeeded: isReauthNeeded(stored) };
      return andThen(records.prolong(key, session.createdAt, session.tokens.createdAt), () => found);
    });
  }

  return {
    refreshNeedsCookie: false,
    find: (cookieHeader) => records.find(cookieHeader, open),
    async create(content, { claims = null } = {}) {
      const key = await storeKey(content.id);
      const { session, sealed, ttl } = await seal.seal({ ...content, fence: 0, warned: false }, key);
      // First, so that no session is there that cannot be found.
      await records.note(key, content, claims);
      await storeAnswer(() => store.create(key, sealed, ttl));
      count.add();
      return session;
    },
    refresh,
    update({ key }, change) {
      return updateRecord<OpenSession<Data>>(store, key, {
        // What could not be saved yet is newer than what the store has.
        open: async ({ fence, sealed }) => (await unsaved.newerThan(key, fence)) ?? seal.openStored(key, sealed),
        change: (newest, fence) => seal.seal({ ...newest, fence, data: mergeData(newest.data, change) }, key),
      });
    },
    // The store has it, and the cookie does not change.
    hold() {},
    async delete(session) {
      const { key, fence, provider } = session;
      const answer = hasRoutes(settings, provider) ? records.remove(key) : storeAnswer(() => store.delete(key));
      const deleted = (await answer) || null;
      const held = await unsaved.newerThan(key, deleted?.fence ?? fence);
      unsaved.forget(key);
      return asDeleted(seal, session, deleted, held);
    },
    revoke: (session, keepAlive) => revokeQuietly(settings, session, keepAlive),
    async endOf(issuer, of) {
      const keys = (await storeAnswer(() => index?.keysOf(issuer, of))) ?? [];
      for (const key of keys) unsaved.forget(key);
      return records.endEach(keys, "provider");
    },
    isNewest: () => true,
    made: count.made,
    owned: null,
    issue: ({ key, id, createdAt }) => ({ key, value: id, endsAt: absoluteEnd(settings, createdAt) }),
  };
}
