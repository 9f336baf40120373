import { type Claims, type KeptMembers, TokenRequestError, type Tokens } from "@pixy/core";
import { digest, Memo, processState } from "@pixy/grants";
import { RequestError, tooManyLogins } from "../errors.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { attemptSpent } from "./callback-error.ts";

/** How many codes a process exchanges at once. */
const mostAtOnce = 64;
/**
 * Milliseconds after which an exchange is over for certain: a token request has 10 seconds. A worker that is stopped
 * in the middle, as edge runtimes do when the client goes away, never says that it has ended.
 */
const longest = 15_000;
/** How often one attempt's code is sent where the provider has not seen it. */
const mostTries = 5;
/** Octets for the attempts that a process remembers, and for one of them. */
const memory = 4 * 1024 * 1024;
const attemptSize = 256;

/** What the code of an attempt brought. */
export interface Exchanged {
  readonly recalled: Recalled;
  readonly tokens: Tokens;
  readonly claims: Claims | null;
  /** What the provider's `keep` names of the answer. */
  readonly kept: KeptMembers;
  /** The fields of the provider's form that are none of the protocol's. */
  readonly posted: Readonly<Record<string, string>>;
}

/** The exchanges of codes in this process: one for an attempt, and so many at once. */
export interface Exchanges {
  /**
   * Sends the code of an attempt. The attempt is spent by it, whatever comes of it, unless the provider has not seen the
   * code (`isUnspent`); a process remembers that of its last 16,384 attempts.
   *
   * @throws RequestError `login_not_found` for an attempt that is spent, `too_many_logins` while 64 are under way
   */
  run<Result>(state: string, send: () => Promise<Result>): Promise<Result>;
}

interface State {
  /** When each began, in milliseconds since 1970. */
  readonly running: Set<{ readonly since: number }>;
  /** How often the code of an attempt was sent in vain; `mostTries` once it is spent. */
  readonly tries: Memo<number>;
}

export function createExchanges<Data>(settings: Settings<Data>): Exchanges {
  const { running, tries } = processState<State>("exchanges", () => ({ running: new Set(), tries: new Memo(memory) }));

  function begin(): { readonly since: number } {
    const now = settings.now();
    for (const other of running) if (Math.abs(now - other.since) > longest) running.delete(other);
    if (running.size >= mostAtOnce) throw tooManyLogins();
    const exchange = { since: now };
    running.add(exchange);
    return exchange;
  }

  return {
    async run(state, send) {
      const attempt = `${settings.instance}\u001f${await digest(state)}`;
      const tried = tries.get(attempt) ?? 0;
      if (tried >= mostTries) throw attemptSpent();
      const exchange = begin();
      tries.set(attempt, mostTries, attemptSize);
      try {
        return await send();
      } catch (error) {
        if (isUnspent(error)) tries.set(attempt, tried + 1, attemptSize);
        throw error;
      } finally {
        running.delete(exchange);
      }
    },
  };
}

/** Tells that the provider has not seen the code: a reload of the callback may still succeed. */
export function isUnspent(error: unknown): boolean {
  // Or it could not be found.
  if (RequestError.isInstance(error)) return /^(?:too_many_logins|provider_\w+)$/.test(error.code);
  return TokenRequestError.isInstance(error) && error.outcome === "unavailable";
}
