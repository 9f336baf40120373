import { createUnsaved, type RecordStore, type Unsaved } from "@pixy/grants";
import { lifeLeft } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import type { OpenSession } from "./session.ts";
import { bytesOf } from "./session-seal.ts";

/** Refreshed sessions that the store could not take yet: kept for this process, or their spent tokens would end them. */
export interface UnsavedSessions<Data> extends Pick<Unsaved<OpenSession<Data>>, "newerThan" | "forget"> {
  /** Keeps a session until `saved` says that the store has it. */
  keep(session: OpenSession<Data>, saved: Promise<boolean>): Promise<void>;
}

export function createUnsavedSessions<Data>(settings: Settings<Data>, store: RecordStore): UnsavedSessions<Data> {
  const unsaved = createUnsaved<OpenSession<Data>>();
  return {
    ...unsaved,
    keep(session, saved) {
      const { key, fence, sealed } = session;
      const ttl = lifeLeft(settings, session.createdAt);
      return unsaved.keep(session, bytesOf(sealed), () => store.commit(key, fence, sealed, ttl), saved);
    },
  };
}
