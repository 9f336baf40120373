import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { readJson } from "./read-json.ts";

/** The keys that a provider signs with, as it publishes them now and then anew. */
export interface KeySet {
  /** Reads the keys where there are none yet, or where they are older than ten minutes; those of before stay if that fails. */
  load(): Promise<void>;
  /**
   * Reads them anew because a token fits none: at most every 30 seconds, since a stranger can bring such tokens. How lately
   * `load` read them is no matter: a provider may replace a key between a login's beginning and its end.
   */
  renew(): Promise<boolean>;
  readonly find: JWTVerifyGetKey;
}

export interface KeySetOptions {
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** Milliseconds after which keys are read anew, before which a token that fits none is no reason, and for one reading. */
const fresh = 600_000;
const pause = 30_000;
const longest = 6_000;
/** Milliseconds for which a failed reading is not tried again: while the provider is away, too, a stranger brings tokens. */
const rest = 1_000;
/** Milliseconds between two looks for another request's result. */
const look = 10;

/** One reading, as others see it: a worker must not await the promise of another request, and looks for its result. */
interface Reading {
  isOver: boolean;
  error: unknown;
  endedAt: number;
}

/**
 * The keys at a URL, checked and used by `jose`.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys OpenID Connect Core section 10.1.1}
 */
export function createKeySet(url: string, { fetch: fetchNow, now }: KeySetOptions): KeySet {
  let keys: JWTVerifyGetKey | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let reading: Reading | null = null;

  async function read(): Promise<void> {
    const other = reading;
    if (other?.isOver === false) return follow(other);
    if (other?.error && Math.abs(now() - other.endedAt) < rest) throw other.error;
    const mine: Reading = { isOver: false, error: null, endedAt: 0 };
    reading = mine;
    try {
      keys = createLocalJWKSet((await readJson(url, fetchNow)) as unknown as JSONWebKeySet);
      readAt = now();
    } catch (error) {
      mine.error = error;
      throw error;
    } finally {
      mine.isOver = true;
      mine.endedAt = now();
    }
  }

  async function follow(other: Reading): Promise<void> {
    for (let waited = 0; !other.isOver && waited < longest; waited += look) {
      await new Promise((resolve) => setTimeout(resolve, look));
    }
    if (!other.isOver) {
      // Whoever read may have been stopped, as workers are.
      other.isOver = true;
      return read();
    }
    if (other.error) throw other.error;
  }

  return {
    async load() {
      if (now() - readAt < fresh) return;
      try {
        await read();
      } catch (error) {
        if (keys === null) throw error;
      }
    },
    async renew() {
      const isUnderWay = reading?.isOver === false;
      if (!isUnderWay && now() - renewedAt < pause) return false;
      const before = renewedAt;
      renewedAt = now();
      try {
        await read();
      } catch (error) {
        // Nothing was read: the next token that fits none asks again.
        renewedAt = before;
        throw error;
      }
      return true;
    },
    find: (header, token) => {
      if (keys === null) throw new errors.JWKSNoMatchingKey();
      return keys(header, token);
    },
  };
}
