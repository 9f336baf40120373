import type { Claims, SessionsOf } from "@pixy/core";
import type { MaybePromise, OpenGrant } from "@pixy/grants";
import type { Found } from "./found.ts";
import type { IssuedSession, OpenSession, SessionContent } from "./session.ts";
import type { KeepAlive, Refresh } from "./session-refresh.ts";

/** A session that is about to begin. */
export type NewSession<Data> = Omit<SessionContent<Data>, "fence" | "warned">;

/** What a login knows besides what its session keeps. */
export interface LoginFacts {
  /** Who the person is, as the provider says. */
  readonly claims?: Claims | null;
  /** The grant that the session shares, where sessions do. */
  readonly grant?: OpenGrant | undefined;
}

/** Sessions by the owner of the grant that they share. */
export interface OwnedSessions<Data> {
  /** Those that are not over, in no order. */
  list(owner: string): Promise<readonly OpenSession<Data>[]>;
  /** Ends all of them, or the one with this fingerprint; returns how many there were. */
  end(owner: string, fingerprint?: string): Promise<number>;
}

/** Opens, keeps, refreshes and ends sessions, wherever they live. */
export interface Sessions<Data> {
  /** Whether what a refresh brings is lost unless the answer sets a cookie. */
  readonly refreshNeedsCookie: boolean;
  /** Finds the session that a Cookie header leads to. Synchronous where everything is at hand. */
  find(cookieHeader: string | null): MaybePromise<Found<Data>>;
  /** @throws RequestError `store_full`, `store_unavailable` */
  create(content: NewSession<Data>, login?: LoginFacts): Promise<OpenSession<Data>>;
  readonly refresh: Refresh<Data>;
  /** Changes members of the data, from the newest that is kept. Throws as `updateRecord` and `mergeData`. */
  update(session: OpenSession<Data>, change: unknown): Promise<OpenSession<Data>>;
  /** Keeps a refreshed session whose cookie could not be set, until its browser comes back. */
  hold(session: OpenSession<Data>): void;
  /**
   * Returns the newest of what was deleted: another request may have renewed it since it was found.
   * `replaced`: a login's answer is on its way to the browser, with a cookie in the place of this session's.
   */
  delete(session: OpenSession<Data>, reason?: "logout" | "replaced"): Promise<OpenSession<Data>>;
  /** Revokes at the provider what an ended session had of its own; what others share lives on. A failure is told. */
  revoke(session: OpenSession<Data>, keepAlive?: KeepAlive): void;
  /**
   * Ends the sessions of a person or a login at the provider of this issuer, and returns how many there were; only where the
   * provider has routes of its own, whose sessions live in a store with an index.
   */
  endOf(issuer: string, of: SessionsOf): Promise<number>;
  /** The sessions of the app's own users; `null` where sessions do not know their owner, or nobody can find them. */
  readonly owned: OwnedSessions<Data> | null;
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
