import { type MaybePromise, processState, Recent, type RefreshStore, type StoredRecord, storeKey } from "@pixy/grants";
import { idleEnd, isSealDue, lifeLeft, longestMaxAge, onItsWay } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import { writeChunked } from "../web/chunked-cookie.ts";
import { andThen } from "../web/maybe-promise.ts";
import { type Found, isReauthNeeded, nobody, readSessionCookie, stranger } from "./found.ts";
import { type CarriedSession, createJournal, type Journal } from "./journal.ts";
import { revokeQuietly } from "./revocation.ts";
import type { OpenSession } from "./session.ts";
import { createSessionCount } from "./session-count.ts";
import { createRefresh } from "./session-refresh.ts";
import { asDeleted, createSessionSeal } from "./session-seal.ts";
import { mergeData, updateRecord } from "./session-update.ts";
import type { Sessions } from "./sessions.ts";
import { storeAnswer } from "./store-answer.ts";

/** Sessions that live sealed in the browser's cookie, beside a journal of what this process changed lately. */
export function createCookieSessions<Data>(
  settings: Settings<Data>,
  journal: Journal = createJournal({ now: settings.ownNow }),
): Sessions<Data> {
  const { now, cookies, secure, emit } = settings;
  const seal = createSessionSeal(settings, {
    purpose: "session",
    bindsKey: false,
    expiresAt: ({ createdAt }) => idleEnd(settings, createdAt),
    // Too large is told here, while somebody can still decide, and not as the headers are written.
    check: (sealed) => void writeChunked(cookies.session, sealed, { secure, maxAge: longestMaxAge, present: [] }),
  });
  const count = createSessionCount(settings);
  const replaced = processState("replaced sessions", () => new Recent<true>(onItsWay, 4 * 1024 * 1024));
  const refresh = createRefresh(settings, {
    store: (session) => journal.carrying(carriedBy(session)),
    seal,
    // The journal is in this process and never away.
    keepUnsaved: async () => {},
  });

  function find(cookieHeader: string | null): MaybePromise<Found<Data>> {
    const value = readSessionCookie(settings, cookieHeader);
    if (typeof value !== "string") return value;
    const hit = seal.recall(value);
    if (hit === undefined) return open(value);
    return hit === "expired" ? { ...nobody, clear: true } : settle(hit);
  }

  async function open(value: string): Promise<Found<Data>> {
    const session = await seal.openCarried(value);
    if (typeof session === "object") return settle(session);
    emit({ type: "cookie.rejected", reason: session });
    // A cookie that was sealed by somebody else, or for somebody else, is somebody else's to clear.
    return session === "foreign" || session === "misplaced" ? stranger : { ...nobody, clear: true };
  }

  /** Holds what the cookie carried against what the journal knows. */
  function settle(session: OpenSession<Data>): MaybePromise<Found<Data>> {
    const known: StoredRecord | null = journal.read(session.key, carriedBy(session));
    // Where a login took its place, the browser has the login's cookie by now, and a late answer would take it away.
    if (known === null) return { ...nobody, clear: replaced.get(session.key, now()) === undefined };
    if (known.ended || known.sealed === null)
      return { ...nobody, clear: true, ended: known.ended, provider: session.provider };
    if (known.fence > session.fence) {
      return andThen(seal.openStored(session.key, known.sealed), (newer) =>
        newer ? { ...nobody, session: newer, renew: true } : { ...nobody, clear: true },
      );
    }
    // Sealed anew, under the current secret and for the whole idle time: the same cookie again would prolong nothing.
    if (session.stale || isSealDue(settings, session.expiresAt, session.createdAt)) {
      return seal
        .seal(session, session.key)
        .then((renewed) => ({ ...nobody, session: renewed.session, renew: true, reauthNeeded: isReauthNeeded(known) }));
    }
    // Spelled out: every hot request passes here, and copying an object costs more than making one.
    return { session, renew: false, clear: false, ended: false, reauthNeeded: isReauthNeeded(known) };
  }

  return {
    refreshNeedsCookie: true,
    find,
    async create(content) {
      const { session } = await seal.seal({ ...content, fence: 0, warned: false }, await storeKey(content.id));
      storeAnswer(() => journal.admit());
      count.add();
      return session;
    },
    refresh,
    update(session, change) {
      const { key } = session;
      let newest = session;
      const store: RefreshStore = {
        ...journal.carrying(carriedBy(session)),
        // What was noted of failures belongs to the newest cookie.
        release: (...given) => journal.carrying(carriedBy(newest)).release(...given),
      };
      return updateRecord<OpenSession<Data>>(store, key, {
        open: (stored) => seal.openStored(key, stored.sealed),
        async change(before, fence) {
          const made = await seal.seal({ ...before, fence, data: mergeData(before.data, change) }, key);
          newest = made.session;
          return made;
        },
      });
    },
    hold: ({ key }) => journal.hold(key),
    async delete(session, reason) {
      const known = journal.read(session.key, carriedBy(session));
      if (reason === "replaced") replaced.set(session.key, true, now(), 256);
      journal.bury(session.key, lifeLeft(settings, session.createdAt));
      return asDeleted(seal, session, known);
    },
    revoke: (session, keepAlive) => revokeQuietly(settings, session, keepAlive),
    isNewest(session) {
      const known = journal.read(session.key, carriedBy(session));
      return known !== null && !known.ended && known.fence <= session.fence;
    },
    made: count.made,
    owned: null,
    // Options that lead here are refused: nobody finds what only browsers hold.
    endOf: async () => 0,
    issue: ({ key, sealed, expiresAt }) => ({ key, value: sealed, endsAt: expiresAt }),
  };
}

/** What the browser's cookie holds of an opened session. */
function carriedBy<Data>({ sealed, fence }: OpenSession<Data>): CarriedSession {
  return { sealed, fence };
}
