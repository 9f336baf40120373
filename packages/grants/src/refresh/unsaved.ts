import { Memo } from "../process/memo.ts";
import type { CommitResult, MaybePromise } from "../record/record-store.ts";
import type { Refreshable } from "./refresh-world.ts";

interface Entry<Session> {
  readonly session: Session;
  readonly save: () => MaybePromise<CommitResult>;
  isGivenUp: boolean;
}

/** What the store could not take yet: kept for this process, or spent tokens would end it. */
export interface Unsaved<Session extends Refreshable> {
  /** Returns what is kept if it is newer than what the store holds, and saves it when the store is back. */
  newerThan(key: string, fence: number): MaybePromise<Session | null>;
  /** Keeps a session of so many bytes until `saved` says that the store has it. */
  keep(session: Session, bytes: number, save: () => MaybePromise<CommitResult>, saved: Promise<boolean>): Promise<void>;
  forget(key: string): void;
}

/** Keeps what a store could not take, for as long as this process tries to save it. */
export function createUnsaved<Session extends Refreshable>(): Unsaved<Session> {
  const unsaved = new Memo<Entry<Session>>(8 * 1024 * 1024);

  async function afterSaving(held: Entry<Session>): Promise<Session> {
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
    async keep(session, bytes, save, saved) {
      const { key } = session;
      const entry: Entry<Session> = { session, save, isGivenUp: false };
      unsaved.set(key, entry, bytes);
      const isSaved = await saved;
      entry.isGivenUp = !isSaved;
      if (isSaved && unsaved.get(key) === entry) unsaved.delete(key);
    },
    forget: (key) => unsaved.delete(key),
  };
}
