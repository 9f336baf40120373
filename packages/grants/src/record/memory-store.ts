import { processState } from "../process/process-state.ts";
import { SessionRows } from "./record-rows.ts";
import type { SessionStore } from "./record-store.ts";
import { SessionTable } from "./record-table.ts";

export interface MemoryStoreOptions {
  /** Stores of the same name in one process hold the same sessions. Default `"default"`. */
  readonly name?: string;
  /** Milliseconds since 1970; a store with its own clock holds its own sessions. */
  readonly now?: () => number;
  /**
   * The most sessions that are kept: where there is no room, a new login is answered 503 and nobody is logged out.
   * Default 100,000, or about 150 MB of sessions of 1 kB.
   */
  readonly maxSessions?: number;
}

/**
 * Keeps sessions in the memory of this process. Logout is final and a refresh works where cookies cannot be written;
 * a restart logs everybody out, and a second process knows nothing of them.
 *
 * @throws ConfigurationError `invalid_option` for a `maxSessions` below 1
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { name = "default", now, maxSessions = 100_000 } = options;
  const rows = now ? new SessionRows() : processState(`sessions ${name}`, () => new SessionRows());
  const table = new SessionTable(rows, { now, maxSessions });
  return {
    name: "memory",
    scope: "process",
    create: (key, sealed, ttl) => table.create(key, sealed, ttl),
    read: (key) => table.read(key),
    acquire: (key, acquire) => table.acquire(key, { lease: acquire.lease, intent: acquire.intent }),
    commit: (key, fence, sealed, ttl) => table.commit(key, fence, sealed, ttl),
    end: (key, fence, ttl) => table.end(key, fence, ttl),
    release: (key, fence, release) => table.release(key, fence, release),
    touch: (key, ttl) => table.touch(key, ttl),
    delete: (key) => table.delete(key),
  };
}
