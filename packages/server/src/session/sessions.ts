import type { Claims, SessionsOf } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import type { Found } from "./found.ts";
import type { IssuedSession, OpenSession, SessionContent } from "./session.ts";
import type { Refresh } from "./session-refresh.ts";

/** Opens, keeps, refreshes and ends sessions, wherever they live. */
export interface Sessions<Data> {
  /** Whether what a refresh brings is lost unless the answer sets a cookie. */
  readonly refreshNeedsCookie: boolean;
  /** Finds the session that a Cookie header leads to. Synchronous where everything is at hand. */
  find(cookieHeader: string | null): MaybePromise<Found<Data>>;
  /** @throws RequestError `store_full`, `store_unavailable` */
  create(content: Omit<SessionContent<Data>, "fence" | "warned">, claims?: Claims | null): Promise<OpenSession<Data>>;
  readonly refresh: Refresh<Data>;
  /** Keeps a refreshed session whose cookie could not be set, until its browser comes back. */
  hold(session: OpenSession<Data>): void;
  /** `replaced`: a login's answer is on its way to the browser, with a cookie in the place of this session's. */
  delete(session: OpenSession<Data>, reason?: "logout" | "replaced"): Promise<void>;
  /**
   * Ends the sessions of a person or a login at the provider of this issuer, and returns how many there were; only where the
   * provider has routes of its own, whose sessions live in a store with an index.
   */
  endOf(issuer: string, of: SessionsOf): Promise<number>;
  /**
   * Whether the session is the newest that this process knows of: an answer that comes late must not bring back one
   * that was deleted meanwhile, nor put an older cookie in the place of a newer one.
   */
  isNewest(session: OpenSession<Data>): boolean;
  /** How many this process has made: an answer that clears a cookie must not take one that came meanwhile. */
  made(): number;
  /** What the browser is given for a session. */
  issue(session: OpenSession<Data>): IssuedSession;
}
