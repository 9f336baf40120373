import type { Claims } from "@pixy/core";
import { type MaybePromise, Memo, type RecordStore, type StoredRecord, storeKey } from "@pixy/grants";
import { isIdleDue, lifeLeft } from "../settings/lifetimes.ts";
import type { RememberedProvider } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { andThen } from "../web/maybe-promise.ts";
import { type Found, readSessionCookie, stranger } from "./found.ts";
import { fingerprintOf, isId } from "./session.ts";
import { createSessionIndex, type SessionIndex } from "./session-index.ts";
import { storeAnswer } from "./store-answer.ts";

/** The record that a Cookie header leads to. */
export interface FoundRecord {
  readonly id: string;
  readonly key: string;
  readonly stored: StoredRecord;
}

export type OpenRecord<Data> = (found: FoundRecord) => MaybePromise<Found<Data>>;

/** The records of an app's sessions in their store, found by the id that the cookie holds. */
export interface SessionRecords {
  /** `null` where the store has no index. */
  readonly index: SessionIndex | null;
  /** Finds a record and opens it, or says what it means that there is none. */
  find<Data>(cookieHeader: string | null, open: OpenRecord<Data>): MaybePromise<Found<Data>>;
  /** Notes whose session a record is, where its provider has routes that may end it. */
  note(key: string, of: RememberedProvider, claims: Claims | null): Promise<void>;
  /** Remembers the key of an id, once the record has shown that it is one; `id` is not a part of the header. */
  remember(id: string, key: string): void;
  /** Tells the store that a session is in use, seldom; `writtenAt` is when it was told last, as far as that is known. */
  prolong(key: string, createdAt: number, writtenAt: number): MaybePromise<void>;
  /** Deletes a record and what the index has noted of it; returns the record where the store does. */
  remove(key: string): Promise<StoredRecord | null>;
  /** Deletes the records under these keys, tells of each that was there, and returns how many. */
  endEach(keys: readonly string[], reason: "provider" | "app"): Promise<number>;
}

export function createSessionRecords<Data>(settings: Settings<Data>, store: RecordStore): SessionRecords {
  const { now, emit } = settings;
  const index = store.index === undefined ? null : createSessionIndex(settings, store.index);
  const keys = new Memo<string>(8 * 1024 * 1024);
  const touched = new Memo<number>(8 * 1024 * 1024);

  function look<Data>(id: string, open: OpenRecord<Data>): MaybePromise<Found<Data>> {
    const known = keys.get(id);
    if (known === undefined && !isId(id)) {
      emit({ type: "cookie.rejected", reason: "foreign" });
      return stranger;
    }
    return andThen(known ?? storeKey(id), (key) =>
      andThen(
        storeAnswer(() => store.read(key)),
        // Not cleared: the answer might come after that of a new login, and take away its cookie. A dead id does no harm.
        (stored) => (stored === null ? stranger : open({ id, key, stored })),
      ),
    );
  }

  async function remove(key: string): Promise<StoredRecord | null> {
    const deleted = await storeAnswer(() => store.delete(key));
    await storeAnswer(() => index?.remove(key));
    return deleted || null;
  }

  return {
    index,
    find(cookieHeader, open) {
      const id = readSessionCookie(settings, cookieHeader);
      return typeof id === "string" ? look(id, open) : id;
    },
    async note(key, { provider, issuer }, claims) {
      if (hasRoutes(settings, provider)) await storeAnswer(() => index?.add(key, issuer, claims, settings.absolute));
    },
    // What anybody may make up is not remembered.
    remember(id, key) {
      if (keys.get(id) === undefined) keys.set(id, key, 512);
    },
    prolong(key, createdAt, writtenAt) {
      const last = touched.get(key);
      if (last !== undefined && !isIdleDue(settings, last)) return;
      touched.set(key, now(), 256);
      if (last === undefined && !isIdleDue(settings, writtenAt)) return;
      return storeAnswer(() => store.touch(key, lifeLeft(settings, createdAt)));
    },
    remove,
    async endEach(keys, reason) {
      let ended = 0;
      for (const key of keys) {
        const stored = await storeAnswer(() => store.read(key));
        await remove(key);
        if (stored === null || stored.ended) continue;
        ended++;
        emit({ type: "session.ended", session: fingerprintOf(key), reason });
      }
      return ended;
    },
  };
}

/** Whether a provider has routes, by which it may end its sessions. */
export function hasRoutes<Data>(settings: Settings<Data>, provider: string | null): boolean {
  return settings.way(provider)?.provider.known?.routes !== undefined;
}
