import { processState } from "./process-state.ts";
import type { SessionStore } from "./session-store.ts";
import { type SessionRows, SessionTable } from "./session-table.ts";

/** Milliseconds for which a request with the cookie of before a refresh gets what the refresh brought. */
const successorWindow = 60_000;
/** Milliseconds for which this process remembers that a session ended, so that an old cookie does not bring it back. */
const memory = 24 * 3600_000;

export interface CookieStoreOptions {
  /** Milliseconds since 1970; a store with its own clock keeps its own journal. */
  readonly now?: () => number;
  /** The most sessions that the journal remembers; the oldest go first. Default 50,000. */
  readonly maxSessions?: number;
}

/**
 * Leaves the session in the browser's sealed cookie and keeps a journal of what this process changed lately: the
 * successor of a refreshed session for 60 seconds, an ended one for a day. The journal is what makes parallel
 * requests, late requests with an old cookie, and logout right within one process; other processes know nothing of it.
 */
export function cookieStore(options: CookieStoreOptions = {}): SessionStore {
  const { now, maxSessions = 50_000 } = options;
  const rows = now ? new Map<string, unknown>() : processState<SessionRows>("cookie-store", () => new Map());
  const journal = new SessionTable(rows, { ...(now ? { now } : {}), maxRows: maxSessions, journal: true });
  return {
    name: "cookie",
    scope: "cookie",
    create: (key, sealed, ttl) => journal.create(key, sealed, Math.min(ttl, successorWindow)),
    read: (key, carried) => journal.read(key, carried),
    acquire: (key, acquire) => journal.acquire(key, acquire),
    commit: (key, fence, sealed, ttl) => journal.commit(key, fence, sealed, Math.min(ttl, successorWindow)),
    end: (key, fence, ttl) => journal.end(key, fence, Math.min(ttl, memory)),
    release: (key, fence, release) => journal.release(key, fence, release),
    // The cookie's own expiry is prolonged by sealing it again.
    touch: () => {},
    delete: (key) => journal.bury(key, memory),
  };
}
