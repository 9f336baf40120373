import type { RefreshTokenRules, Tokens } from "@pixy/core";
import type { MaybePromise, RecordStore, StoredRecord } from "../record/record-store.ts";

/** The least that a refresh has to know of a session. */
export interface Refreshable {
  readonly key: string;
  /** The fencing number of the commit that wrote it. */
  readonly fence: number;
  readonly tokens: Tokens;
}

export interface RefreshTiming {
  /** Milliseconds after which a token request is given up. */
  readonly request: number;
  /** Milliseconds that a lease lasts: more than the request, so that no second worker sends while we still may. */
  readonly lease: number;
  /** Milliseconds for which others wait for a request that has not reported back: at least the lease. */
  readonly intent: number;
  /** Milliseconds after which a worker that waits for another gives up. */
  readonly patience: number;
  /** Milliseconds of the longest pause after a failure, whoever asks for it; default: that of the outcome. */
  readonly longestPause?: number | undefined;
}

export const defaultTiming: RefreshTiming = {
  request: 10_000,
  lease: 15_000,
  intent: 30_000,
  patience: 16_000,
};

/** The steps of a store that a refresh takes. */
export type RefreshStore = Pick<RecordStore, "read" | "acquire" | "commit" | "end" | "release" | "settled">;

/** Everything a refresh touches. Time and chance are given, so that every interleaving can be replayed. */
export interface RefreshWorld<Session extends Refreshable> {
  readonly store: RefreshStore;
  readonly timing: RefreshTiming;
  /** How the provider treats refresh tokens. */
  readonly rules: RefreshTokenRules;
  /** Milliseconds since 1970. */
  now(): number;
  /** When the session's access token stops to work: its expiry in milliseconds since 1970, or 0 once the API refused it. */
  usableUntil(session: Session): number;
  /** Milliseconds that only go forward. */
  elapsed(): number;
  wait(milliseconds: number): Promise<void>;
  /** A number from 0 to 1 for the spread of pauses. */
  random(): number;
  /** Opens what the store holds; `null` when it cannot be read. */
  open(stored: StoredRecord & { readonly sealed: string }, key: string): MaybePromise<Session | null>;
  /**
   * Whether `sealed` was put in the place of what was seen: another grant, whatever its fence. Only where keys come back.
   */
  isReplaced?(sealed: string, seen: Session): MaybePromise<boolean>;
  /**
   * Sends the one token request.
   *
   * @throws TokenRequestError
   */
  request(session: Session): Promise<Tokens>;
  /** Makes the successor under `fence` and seals it; `ttl` in milliseconds. */
  renew(session: Session, tokens: Tokens, fence: number): Promise<{ session: Session; sealed: string; ttl: number }>;
  /** Milliseconds for which a dead session is remembered; see `memoryOfEnd`. */
  readonly tombstone: number;
  /** The tokens are here and the store is not: keeps them for this process until they are `saved`, or for good. */
  onCommitFailed(session: Session, error: unknown, saved: Promise<boolean>): void;
  /** The session was deleted while its token was refreshed: the new token belongs to nobody. */
  onOrphaned(session: Session): void;
}
