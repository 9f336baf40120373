import type { PendingLogin } from "./pending-login.ts";
import { processState } from "./process-state.ts";
import type { Settings } from "./settings.ts";
import { digest } from "./store-key.ts";

interface Entry {
  readonly result: Promise<unknown>;
  readonly returnTo: string;
  readonly until: number;
}

/** Milliseconds for which the twin of a callback gets the first one's result. */
const twinWindow = 60_000;

/** The exchanges of this process: a code is sent once, also when a browser sends the callback twice. */
export interface FinishedLogins<Result> {
  once(login: PendingLogin, exchange: () => Promise<Result>): Promise<Result>;
  /** Where a finished login led to, as long as this process remembers. */
  returnTo(state: string): Promise<string | null>;
  /** Lets the login be finished again: its code was not spent. */
  forget(state: string): Promise<void>;
}

export function createFinishedLogins<Data, Result>(settings: Settings<Data>): FinishedLogins<Result> {
  const { now } = settings;
  const entries = processState("finished-logins", () => new Map<string, Entry>());
  const nameOf = async (state: string) => `${settings.instance}\u001f${await digest(state)}`;
  return {
    async once(login, exchange) {
      const name = await nameOf(login.state);
      // The oldest come first: whoever sends many callbacks must not make each of them a walk through all.
      for (const [key, entry] of entries) {
        if (entry.until > now()) break;
        entries.delete(key);
      }
      const running = entries.get(name);
      if (running !== undefined) return running.result as Promise<Result>;
      const result = exchange();
      entries.set(name, { result, returnTo: login.returnTo, until: now() + twinWindow });
      return result;
    },
    async returnTo(state) {
      const entry = entries.get(await nameOf(state));
      return entry !== undefined && entry.until > now() ? entry.returnTo : null;
    },
    async forget(state) {
      entries.delete(await nameOf(state));
    },
  };
}
