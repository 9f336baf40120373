import { processState } from "./process-state.ts";
import type { SessionStore } from "./session-store.ts";
import { type SessionRows, SessionTable } from "./session-table.ts";

export interface MemoryStoreOptions {
  /** Stores of the same name in one process hold the same sessions. Default `"default"`. */
  readonly name?: string;
  /** Milliseconds since 1970; a store with its own clock holds its own sessions. */
  readonly now?: () => number;
}

/**
 * Keeps sessions in the memory of this process. Logout is final and a refresh works where cookies cannot be written;
 * a restart logs everybody out, and a second process knows nothing of them.
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { name = "default", now } = options;
  const rows = now ? new Map<string, unknown>() : processState<SessionRows>(`memory-store ${name}`, () => new Map());
  const table = new SessionTable(rows, now ? { now } : {});
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
