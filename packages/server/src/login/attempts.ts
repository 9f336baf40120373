import { generateCodes, generateState } from "@pixy/core";
import { createSealer, type Sealer } from "@pixy/grants";
import { attemptLife, maxAgeOf } from "../settings/lifetimes.ts";
import { contextOf, type RememberedProvider, readContext } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { CookieEntry } from "../web/cookies.ts";
import { withoutLoginError } from "../web/login-error.ts";
import { type ReturnPath, readReturnPath } from "../web/return-path.ts";
import { clearedCookie, type SetCookie, setCookieLine } from "../web/set-cookie.ts";
import { type Attempt, type PackedAttempt, packAttempt, unpackAttempt } from "./attempt.ts";

/** How many may be under way in one browser, for instance in several tabs; the oldest goes first. */
const most = 5;
/** Octets of all their cookies together: servers refuse requests whose headers are too long. */
const budget = 4_096;
/** As long as needed to tell attempts apart, and short enough to give nothing away: the state has 43 characters. */
const idLength = 12;
/** How many an answer forgets at least, so that more come never in than go. */
const fewest = 2;

export interface Attempts {
  /** Draws the state and the codes of a new attempt. */
  begin(
    wanted: Pick<Attempt, "clientId" | "scope" | "returnTo" | "owner" | keyof RememberedProvider>,
  ): Promise<{ readonly attempt: Attempt; readonly challenge: string }>;
  /** Returns the cookies that keep an attempt and let the oldest go, in `room` octets of an answer's headers. */
  keep(attempt: Attempt, present: readonly CookieEntry[], room: number): Promise<readonly SetCookie[]>;
  /** Finds the attempt that a state belongs to, in this browser and at this provider only. Opens one cookie at most. */
  find(
    state: string,
    present: readonly CookieEntry[],
    provider: string | null,
  ): Promise<{ readonly attempt: Attempt } | { readonly problem: "absent" | "expired" | "unreadable" }>;
  /** The cookie that forgets one attempt. */
  forget(state: string): SetCookie;
  /** The cookies that forget the newest ten attempts that the request carries; we leave five in a browser. */
  forgetAll(present: readonly CookieEntry[]): readonly SetCookie[];
}

export function createAttempts<Data>(settings: Settings<Data>): Attempts {
  const { cookies, secure, now } = settings;
  const sealer: Sealer<PackedAttempt> = createSealer({
    secrets: settings.secrets,
    purpose: "login",
    now,
  });
  const nameOf = (state: string) => `${cookies.attempt}${state.slice(0, idLength)}`;
  const clear = (name: string) => clearedCookie(name, secure);
  /** Browsers send the oldest first (RFC 6265 section 5.4), so none has to be opened to know its age. */
  const newestFirst = (present: readonly CookieEntry[]) =>
    present
      .filter(({ name }) => name.startsWith(cookies.attempt) && isId(name.slice(cookies.attempt.length)))
      .reverse();

  async function begin(wanted: Parameters<Attempts["begin"]>[0]): ReturnType<Attempts["begin"]> {
    const { verifier, challenge } = await generateCodes(43);
    return { attempt: { ...wanted, state: generateState(), verifier, extra: {}, startedAt: now() }, challenge };
  }

  async function keep(attempt: Attempt, present: readonly CookieEntry[], room: number): Promise<readonly SetCookie[]> {
    const name = nameOf(attempt.state);
    const forgetting = octetsOf(clear(name));
    const write = async (changed: Attempt): Promise<SetCookie> => {
      const value = await sealer.seal(packAttempt(changed), {
        expiresAt: changed.startedAt + attemptLife,
        // An attempt at one provider, with one client or instance is none of another.
        context: contextOf(settings, changed, cookies.attempt),
      });
      return { name, value, secure, maxAge: maxAgeOf(attemptLife) };
    };
    let cookie = await write(attempt);
    if (octetsOf(cookie) > room - fewest * forgetting) {
      // A browser or a proxy drops what is too long, and the attempt with it: better one that leads to the start page.
      cookie = await write({ ...attempt, returnTo: settings.homeUrl });
    }
    const count = Math.max(fewest, Math.floor((room - octetsOf(cookie)) / forgetting));
    return [cookie, ...surplus(present, sizeOf(cookie)).slice(0, count).map(clear)];
  }

  /** The names of those that have to go so that one of `size` octets fits, the oldest first. */
  function surplus(present: readonly CookieEntry[], size: number): string[] {
    const attempts = newestFirst(present);
    let total = size;
    let kept = 0;
    for (const { name, value } of attempts) {
      total += sizeOf({ name, value });
      if (kept === most - 1 || total > budget) break;
      kept++;
    }
    return namesOf(attempts.slice(kept)).reverse();
  }

  /** What was sealed is text: the app may have moved to another path meanwhile. */
  function returnPathOf(sealed: string): ReturnPath {
    return withoutLoginError(readReturnPath(sealed, settings.baseUrl) ?? settings.homeUrl);
  }

  async function find(
    state: string,
    present: readonly CookieEntry[],
    provider: string | null,
  ): ReturnType<Attempts["find"]> {
    const found = present.filter((entry) => entry.name === nameOf(state));
    const [entry] = found;
    if (entry === undefined || found.length > 1) return { problem: "absent" };
    if (entry.name.length + entry.value.length > budget) return { problem: "unreadable" };
    const read = (context: readonly string[]) => readContext(settings, context, cookies.attempt);
    const opened = await sealer.open(entry.value, { accepts: (context) => read(context)?.provider === provider });
    if (!opened.ok) return { problem: opened.reason === "expired" ? "expired" : "unreadable" };
    const where = read(opened.context);
    const attempt = where && unpackAttempt(opened.payload, where, returnPathOf);
    return attempt !== null && isEqual(attempt.state, state) ? { attempt } : { problem: "absent" };
  }

  return {
    begin,
    keep,
    find,
    forget: (state) => clear(nameOf(state)),
    forgetAll: (present) =>
      namesOf(newestFirst(present))
        .slice(0, 2 * most)
        .map(clear),
  };
}

function namesOf(entries: readonly CookieEntry[]): string[] {
  return [...new Set(entries.map(({ name }) => name))];
}

/** What a cookie takes of an answer. */
function octetsOf(cookie: SetCookie): number {
  return "set-cookie: \r\n".length + setCookieLine(cookie).length;
}

/** What it takes of each request, with what stands between two. */
function sizeOf({ name, value }: CookieEntry): number {
  return name.length + value.length + "=; ".length;
}

function isId(text: string): boolean {
  return text.length === idLength && /^[\w-]+$/.test(text);
}

/**
 * Compares without an early exit, so that time says nothing about how much of a state was right. The length is no
 * secret: ours always have 43 characters.
 */
function isEqual(first: string, second: string): boolean {
  if (first.length !== second.length) return false;
  let difference = 0;
  for (let index = 0; index < first.length; index++) difference |= first.charCodeAt(index) ^ second.charCodeAt(index);
  return difference === 0;
}
