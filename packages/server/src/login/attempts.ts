import { type AttemptExtra, generateCodes, generateState } from "@pixy/core";
import { createSealer, type Sealer } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";
import { type CookieEntry, serializeCookie } from "../web/cookies.ts";

/** One attempt to log in, between the click and the callback. It lives in this browser, sealed, in its own cookie. */
export interface PendingLogin {
  /** 256 bits, base64url. */
  readonly state: string;
  readonly verifier: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** A path of this app. */
  readonly returnTo: string;
  /** What the provider's `authorizationParameters` wanted kept. */
  readonly extra: AttemptExtra;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

interface PackedLogin {
  readonly s: string;
  readonly v: string;
  readonly c: string;
  readonly q: readonly string[];
  readonly r: string;
  readonly t: number;
  /** Absent when there is nothing in it. */
  readonly x?: AttemptExtra;
}

/** Milliseconds that a person has for a login. */
const lifetime = 15 * 60_000;
/** How many logins may be under way in one browser, for instance in several tabs; the oldest goes first. */
const most = 5;
/** Octets of all login cookies together: servers refuse requests whose headers are too long. */
const budget = 4_096;
/** As long as needed to tell logins apart, and short enough to give nothing away: the state has 43 characters. */
const idLength = 12;
/** How many logins an answer forgets at least, so that more come never in than go. */
const fewest = 2;

export interface PendingLogins {
  /** Draws the state and the codes of a new login. */
  begin(
    login: Pick<PendingLogin, "clientId" | "scope" | "returnTo">,
  ): Promise<{ readonly login: PendingLogin; readonly challenge: string }>;
  /** Returns the Set-Cookie lines that keep a login and let the oldest go, in `room` octets of an answer's headers. */
  keep(login: PendingLogin, present: readonly CookieEntry[], room: number): Promise<readonly string[]>;
  /** Finds the login that a state belongs to, in this browser only. Opens one cookie at most. */
  find(
    state: string,
    present: readonly CookieEntry[],
  ): Promise<{ readonly login: PendingLogin } | { readonly problem: "absent" | "expired" | "unreadable" }>;
  /** Set-Cookie lines that forget one login. */
  forget(state: string): readonly string[];
  /** Set-Cookie lines that forget the newest ten logins that the request carries; we leave five in a browser. */
  forgetAll(present: readonly CookieEntry[]): readonly string[];
}

export function createPendingLogins<Data>(settings: Settings<Data>): PendingLogins {
  const { cookies, secure, now, provider } = settings;
  const sealer: Sealer<PackedLogin> = createSealer({
    secrets: settings.secrets,
    purpose: "login",
    // A login of one provider, client or instance is no login of another.
    context: [provider.issuer, settings.clientId, cookies.login],
    now,
  });
  const nameOf = (state: string) => `${cookies.login}${state.slice(0, idLength)}`;
  const clear = (name: string) => serializeCookie(name, "", { secure, maxAge: 0 });
  /** Browsers send the oldest first (RFC 6265 section 5.4), so none has to be opened to know its age. */
  const newestFirst = (present: readonly CookieEntry[]) =>
    present.filter(({ name }) => name.startsWith(cookies.login) && isId(name.slice(cookies.login.length))).reverse();

  async function begin(wanted: Parameters<PendingLogins["begin"]>[0]): ReturnType<PendingLogins["begin"]> {
    const { verifier, challenge } = await generateCodes(43);
    return { login: { ...wanted, state: generateState(), verifier, extra: {}, startedAt: now() }, challenge };
  }

  async function keep(login: PendingLogin, present: readonly CookieEntry[], room: number): Promise<readonly string[]> {
    const name = nameOf(login.state);
    const forgetting = octetsOf(clear(name));
    const write = async (changed: PendingLogin) =>
      serializeCookie(name, await sealer.seal(pack(changed), { expiresAt: changed.startedAt + lifetime }), {
        ...{ secure, maxAge: lifetime / 1000 },
      });
    let line = await write(login);
    if (octetsOf(line) > room - fewest * forgetting) {
      // A browser or a proxy drops what is too long, and the login with it: better one that leads to the start page.
      line = await write({ ...login, returnTo: settings.homeUrl });
    }
    const count = Math.max(fewest, Math.floor((room - octetsOf(line)) / forgetting));
    return [
      line,
      ...surplus(present, line.indexOf(";") + 2)
        .slice(0, count)
        .map(clear),
    ];
  }

  /** The names of those that have to go so that one of `size` octets fits, the oldest first. */
  function surplus(present: readonly CookieEntry[], size: number): string[] {
    const logins = newestFirst(present);
    let total = size;
    let kept = 0;
    for (const { name, value } of logins) {
      total += name.length + value.length + 3;
      if (kept === most - 1 || total > budget) break;
      kept++;
    }
    return namesOf(logins.slice(kept)).reverse();
  }

  async function find(state: string, present: readonly CookieEntry[]): ReturnType<PendingLogins["find"]> {
    const found = present.filter((entry) => entry.name === nameOf(state));
    const [entry] = found;
    if (entry === undefined || found.length > 1) return { problem: "absent" };
    if (entry.name.length + entry.value.length > budget) return { problem: "unreadable" };
    const opened = await sealer.open(entry.value);
    if (!opened.ok) return { problem: opened.reason === "expired" ? "expired" : "unreadable" };
    const login = unpack(opened.payload);
    return login !== null && isEqual(login.state, state) ? { login } : { problem: "absent" };
  }

  return {
    begin,
    keep,
    find,
    forget: (state) => [clear(nameOf(state))],
    forgetAll: (present) =>
      namesOf(newestFirst(present))
        .slice(0, 2 * most)
        .map(clear),
  };
}

function namesOf(entries: readonly CookieEntry[]): string[] {
  return [...new Set(entries.map(({ name }) => name))];
}

/** What a Set-Cookie line takes of an answer. */
function octetsOf(line: string): number {
  return "set-cookie: \r\n".length + line.length;
}

function isId(text: string): boolean {
  return text.length === idLength && /^[\w-]+$/.test(text);
}

function pack(login: PendingLogin): PackedLogin {
  const { state, verifier, clientId, scope, returnTo, extra, startedAt } = login;
  const kept = Object.keys(extra).length > 0 ? { x: extra } : {};
  return { s: state, v: verifier, c: clientId, q: scope, r: returnTo, t: startedAt, ...kept };
}

function unpack(packed: PackedLogin): PendingLogin | null {
  const { s: state, v: verifier, c: clientId, q: scope, r: returnTo, t: startedAt, x: extra = {} } = packed;
  const texts: unknown[] = [state, verifier, clientId, returnTo];
  if (!texts.every((text) => typeof text === "string") || !Array.isArray(scope) || !Number.isFinite(startedAt))
    return null;
  return { state, verifier, clientId, scope, returnTo, extra, startedAt };
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
