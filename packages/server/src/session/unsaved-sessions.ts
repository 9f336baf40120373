import type { CommitResult, MaybePromise, RecordStore } from "@pixy/grants";
import { Memo } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";
import type { OpenSession } from "./session.ts";
import { lifeLeft } from "./session-life.ts";
import { bytesOf } from "./session-seal.ts";

interface Unsaved<Data> {
  readonly session: OpenSession<Data>;
  readonly save: () => MaybePromise<CommitResult>;
  isGivenUp: boolean;
}

/** Refreshed sessions that the store could not take yet: kept for this process, or their spent tokens would end them. */
export interface UnsavedSessions<Data> {
  /** Returns the kept session if it is newer than what the store holds, and saves it when the store is back. */
  newerThan(key: string, fence: number): MaybePromise<OpenSession<Data> | null>;
  /** Keeps a session until `saved` says that the store has it. */
  keep(session: OpenSession<Data>, saved: Promise<boolean>): Promise<void>;
  forget(key: string): void;
}

export function createUnsavedSessions<Data>(settings: Settings<Data>, store: RecordStore): UnsavedSessions<Data> {
  const unsaved = new Memo<Unsaved<Data>>(8 * 1024 * 1024);

  async function afterSaving(held: Unsaved<Data>): Promise<OpenSession<Data>> {
    try {
      await held.save();
      unsaved.delete(held.session.key);
    } catch {
      // Away again; the next request tries.
    }
    return held.session;
  }

  return {
    newerThan(key, fence) {
      const held = unsaved.get(key);
      if (held === undefined || held.session.fence <= fence) return null;
      return held.isGivenUp ? afterSaving(held) : held.session;
    },
    async keep(session, saved) {
      const { key, fence, sealed } = session;
      const ttl = lifeLeft(settings, session.createdAt);
      const entry: Unsaved<Data> = { session, save: () => store.commit(key, fence, sealed, ttl), isGivenUp: false };
      unsaved.set(key, entry, bytesOf(sealed));
      const isSaved = await saved;
      entry.isGivenUp = !isSaved;
      if (isSaved && unsaved.get(key) === entry) unsaved.delete(key);
    },
    forget: (key) => unsaved.delete(key),
  };
}
