/** A value that is at hand or on its way. Nothing is awaited where the value is at hand. */
export type MaybePromise<T> = T | Promise<T>;

/** What a request's cookie carries of a session that lives in the cookie itself. */
export interface CarriedSession {
  /** The sealed session as the browser sent it. */
  readonly sealed: string;
  /** The fencing number of the commit that wrote it. */
  readonly fence: number;
}

/** A token request that may be on its way and has not reported back. */
export interface Intent {
  /** The fencing number under which the request is sent. */
  readonly fence: number;
  /** Milliseconds until nobody waits for it any more. */
  readonly remaining: number;
}

/** What a store holds of one session. Stores never look into `sealed`. */
export interface StoredSession {
  /** The sealed session, or `null` once the session has ended. */
  readonly sealed: string | null;
  /** The fencing number of the newest commit; 0 after `create`. */
  readonly fence: number;
  /** The refresh token is dead: nobody may send it again. */
  readonly ended: boolean;
  /** Milliseconds before which no process sends another token request; 0 when one may be sent now. */
  readonly pause: number;
  /** How many token requests in a row have failed. */
  readonly failures: number;
  /** Token requests that have not reported back, in ascending order of their fences. */
  readonly intents: readonly Intent[];
}

/** What a worker needs to hold before it may send a token request. */
export type Acquired =
  /** The lease is ours under `fence`, our intent is noted, and `stored` is what the store held at that moment. */
  | { readonly state: "acquired"; readonly fence: number; readonly stored: StoredSession }
  /** Somebody else holds the lease for another `remaining` milliseconds at most. */
  | { readonly state: "held"; readonly remaining: number }
  /** There is no such session: it was deleted, or it expired. */
  | { readonly state: "gone" };

export interface AcquireOptions {
  /** The lease in milliseconds, counted by the store's own clock. */
  readonly lease: number;
  /** Milliseconds for which the intent is waited for: at least the lease. */
  readonly intent: number;
  /** What the request's cookie carried, for a store that lives in the cookie. */
  readonly carried?: CarriedSession | null;
}

export interface ReleaseOptions {
  /** Milliseconds for which no process sends another token request. */
  readonly pause?: number;
  /** How many token requests in a row have failed. */
  readonly failures?: number;
}

/**
 * - `committed`: this write is the newest.
 * - `superseded`: a write with a higher fence stands; read it and use it.
 * - `gone`: the session was deleted in the meantime; nothing was written.
 */
export type CommitResult = "committed" | "superseded" | "gone";

/**
 * Keeps sessions and orders their refreshes.
 *
 * Each method is one atomic step per key. Durations are relative and measured by the store's own clock, so that
 * machines need not agree on the time. A fence is a number that only grows per key: `acquire` hands out one that is
 * higher than any that was handed out or committed for that key before, and `commit` and `end` take effect only if
 * theirs is higher than the committed one. A write never brings back a session that was deleted.
 *
 * `describeStore` of `@pixy/testing` is this interface as executable promises.
 */
export interface SessionStore {
  /** A short name for messages and events. */
  readonly name: string;
  /** Who sees the same sessions: one browser's cookie and this process, this process, or every process. */
  readonly scope: "cookie" | "process" | "shared";
  /**
   * Keeps a new session under `key` for `ttl` milliseconds. A store without room refuses it and drops no other session,
   * lease, intent or memory of an end to make some.
   *
   * @throws RequestError `store_full`
   */
  create(key: string, sealed: string, ttl: number): MaybePromise<void>;
  /** Reads a session; `null` when there is none. */
  read(key: string, carried?: CarriedSession | null): MaybePromise<StoredSession | null>;
  /** Takes the lease for a token request and notes the intent to send one. */
  acquire(key: string, options: AcquireOptions): MaybePromise<Acquired>;
  /** Writes the refreshed session if `fence` is the highest yet; gives up lease and intent; clears the failures. */
  commit(key: string, fence: number, sealed: string, ttl: number): MaybePromise<CommitResult>;
  /**
   * Marks the refresh token as dead, in fence order like `commit`, and drops the sealed session. That it did is remembered
   * for `ttl` milliseconds: what could still present the session finds that it ended, or nothing.
   */
  end(key: string, fence: number, ttl: number): MaybePromise<CommitResult>;
  /** Gives up lease and intent without a write of the session. */
  release(key: string, fence: number, options?: ReleaseOptions): MaybePromise<void>;
  /** Prolongs a session that is in use to `ttl` milliseconds from now; one that has ended is remembered no longer for it. */
  touch(key: string, ttl: number): MaybePromise<void>;
  /**
   * Deletes a session for good: nothing in flight brings it back, nor a cookie that carries it. Always possible.
   *
   * @param ttl milliseconds for which such a cookie may come, for a store that lives in the cookie
   */
  delete(key: string, ttl?: number): MaybePromise<void>;
}
