import { digest } from "@pixy/grants";
import { maxAgeOf, spentLife } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { clearedCookie, type SetCookie } from "../web/set-cookie.ts";

/** How many a browser remembers. */
const most = 5;
const length = 16;
const item = /^[\w-]{16}$/;

/**
 * The attempts that this browser has used up, so that the back button and a reload of the callback lead on instead of
 * into an error. The cookie holds hashes of states: it gives nothing away, and whoever forges one gets a redirect to
 * the start page.
 */
export interface SpentAttempts {
  has(state: string, present: readonly CookieEntry[]): Promise<boolean>;
  /** The cookie that adds one. */
  add(state: string, present: readonly CookieEntry[]): Promise<SetCookie>;
  /** The cookies that forget all. */
  clear(present: readonly CookieEntry[]): readonly SetCookie[];
}

export function createSpentAttempts<Data>(settings: Settings<Data>): SpentAttempts {
  const { secure } = settings;
  const name = settings.cookies.spent;
  const list = (present: readonly CookieEntry[]) => {
    const value = present.find((entry) => entry.name === name)?.value ?? "";
    // A longer one is not of ours, and not worth a look at each of its items.
    if (value.length > most * (length + 1)) return [];
    return value
      .split(".")
      .filter((mark) => item.test(mark))
      .slice(0, most);
  };
  const mark = async (state: string) => (await digest(`consumed ${state}`)).slice(0, length);
  return {
    has: async (state, present) => list(present).includes(await mark(state)),
    add: async (state, present) => {
      const value = [await mark(state), ...list(present)].slice(0, most).join(".");
      return { name, value, secure, maxAge: maxAgeOf(spentLife) };
    },
    clear: (present) => (present.some((entry) => entry.name === name) ? [clearedCookie(name, secure)] : []),
  };
}
