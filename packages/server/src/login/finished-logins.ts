import { digest, processState, Recent } from "@pixy/grants";
import type { IssuedSession } from "../session/session.ts";
import { attemptLife } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import type { ReturnPath } from "../web/return-path.ts";
import type { Attempt } from "./attempt.ts";

interface Entry {
  /** `null` for an account that was connected: no session is made. */
  readonly result: Promise<IssuedSession | null>;
  readonly returnTo: ReturnPath;
}

/** The exchanges of this process: a code is sent once, also when a browser sends the callback twice. */
export interface FinishedLogins {
  once<Result extends IssuedSession | null>(attempt: Attempt, exchange: () => Promise<Result>): Promise<Result>;
  /** Where a finished login led to, as long as this process remembers. */
  returnTo(state: string): Promise<ReturnPath | null>;
  /** Lets the attempt be finished again: its code was not spent. */
  forget(state: string): Promise<void>;
}

/** Milliseconds for which the twin of a callback gets the first one's result. */
const twinWindow = 60_000;

/** What ran well, what failed and what is under way: none of them makes room for another. */
function createEntries(): Record<"running" | "succeeded" | "failed", Recent<Entry>> {
  return {
    // As many as there are token requests under way, and each until it is over: one that is let go would be sent twice.
    running: new Recent(attemptLife),
    succeeded: new Recent(twinWindow, 16 * 1024 * 1024),
    failed: new Recent(twinWindow, 2 * 1024 * 1024),
  };
}

export function createFinishedLogins<Data>(settings: Settings<Data>): FinishedLogins {
  const { now } = settings;
  const { running, succeeded, failed } = processState("finished-logins", createEntries);
  const nameOf = async (state: string) => `${settings.instance}\u001f${await digest(state)}`;
  const find = (name: string) => running.get(name, now()) ?? succeeded.get(name, now()) ?? failed.get(name, now());

  return {
    async once<Result extends IssuedSession | null>(attempt: Attempt, exchange: () => Promise<Result>) {
      const name = await nameOf(attempt.state);
      const known = find(name);
      // An attempt is either a login or connects an account.
      if (known !== undefined) return known.result as Promise<Result>;
      const result = exchange();
      const entry: Entry = { result, returnTo: attempt.returnTo };
      running.set(name, entry, now());
      const over = (results: Recent<Entry>, bytes: number) => {
        // What was forgotten meanwhile stays so.
        if (!running.delete(name, entry)) return;
        results.set(name, entry, now(), entryBytes + bytes + (name.length + attempt.returnTo.length) * 2);
      };
      entry.result.then(
        (issued) => over(succeeded, issued?.value.length ?? 0),
        () => over(failed, errorBytes),
      );
      return result;
    },
    async returnTo(state) {
      return find(await nameOf(state))?.returnTo ?? null;
    },
    async forget(state) {
      const name = await nameOf(state);
      for (const results of [running, succeeded, failed]) results.delete(name);
    },
  };
}

// As measured: the promise with what hangs on it, and an error with its stack and its cause.
const entryBytes = 600;
const errorBytes = 4_000;
