import { processState } from "@pixy/grants";
import { SessionRows } from "@pixy/grants";
import type { SessionStore } from "@pixy/grants";
import { SessionTable } from "@pixy/grants";

/** Milliseconds for which a request with the cookie of before a refresh gets what the refresh brought. */
const successorWindow = 60_000;
/** Milliseconds for which this process remembers that a session ended, so that an old cookie does not bring it back. */
const memory = 24 * 3600_000;

export interface CookieStoreOptions {
  /** Milliseconds since 1970; a store with its own clock keeps its own journal. */
  readonly now?: () => number;
  /**
   * How many sessions the journal remembers of each kind: refreshed within a minute, waiting after a failed refresh,
   * refused, and logged out within a day. Of the first three the next to be forgotten goes first; as long as there are so
   * many that were logged out, a new login is answered 503. Default 100,000, or about 25 MB of those that were logged out.
   */
  readonly maxSessions?: number;
}

/**
 * Leaves the session in the browser's sealed cookie and keeps a journal of what this process changed lately: the
 * successor of a refreshed session for 60 seconds, an ended one for a day, or as long as its cookie lives if that is less.
 * The journal is what makes parallel requests, late requests with an old cookie, and logout right within one process;
 * other processes know nothing of it.
 *
 * @throws ConfigurationError `invalid_option` for a `maxSessions` below 1
 */
export function cookieStore(options: CookieStoreOptions = {}): SessionStore {
  const { now, maxSessions = 100_000 } = options;
  const rows = now ? new SessionRows() : processState("journal", () => new SessionRows());
  const journal = new SessionTable(rows, { now, maxSessions, journal: true });
  return {
    name: "cookie",
    scope: "cookie",
    create: (key, sealed, ttl) => journal.create(key, sealed, ttl),
    read: (key, carried) => journal.read(key, carried),
    acquire: (key, acquire) => journal.acquire(key, acquire),
    commit: (key, fence, sealed, ttl) => journal.commit(key, fence, sealed, Math.min(ttl, successorWindow)),
    end: (key, fence, ttl) => journal.end(key, fence, Math.min(ttl, memory)),
    release: (key, fence, release) => journal.release(key, fence, release),
    // The cookie's own expiry is prolonged by sealing it again.
    touch: () => {},
    delete: (key, ttl = memory) => journal.bury(key, Math.min(ttl, memory)),
  };
}
