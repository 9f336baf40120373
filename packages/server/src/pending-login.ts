import { generateCodes, generateState } from "@pixy/core";
import { type CookieEntry, serializeCookie } from "./cookies.ts";
import { createSealer, type Sealer } from "./seal.ts";
import type { Settings } from "./settings.ts";

/** One attempt to log in, between the click and the callback. It lives in this browser, sealed, in its own cookie. */
export interface PendingLogin {
  /** 256 bits, base64url. */
  readonly state: string;
  readonly verifier: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** A path of this app. */
  readonly returnTo: string;
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
}

/** Milliseconds that a person has for a login. */
const lifetime = 15 * 60_000;
/** How many logins may be under way in one browser, for instance in several tabs; the oldest goes first. */
const most = 5;
/** Octets of all login cookies together: servers refuse requests whose headers are too long. */
const budget = 4_096;
/** As long as needed to tell logins apart, and short enough to give nothing away: the state has 43 characters. */
const idLength = 12;

export interface PendingLogins {
  /** Makes a new login and the Set-Cookie lines that keep it, and let the oldest go. */
  create(
    login: Pick<PendingLogin, "clientId" | "scope" | "returnTo">,
    present: readonly CookieEntry[],
  ): Promise<{ readonly login: PendingLogin; readonly challenge: string; readonly setCookies: readonly string[] }>;
  /** Finds the login that a state belongs to, in this browser only. */
  find(
    state: string,
    present: readonly CookieEntry[],
  ): Promise<{ readonly login: PendingLogin } | { readonly problem: "absent" | "expired" | "unreadable" }>;
  /** Set-Cookie lines that forget one login. */
  forget(state: string): readonly string[];
  /** Set-Cookie lines that forget all logins that the request carries. */
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
  const isLogin = (entry: CookieEntry) => entry.name.startsWith(cookies.login);
  const clear = (name: string) => serializeCookie(name, "", { secure, maxAge: 0 });

  async function create(
    wanted: Pick<PendingLogin, "clientId" | "scope" | "returnTo">,
    present: readonly CookieEntry[],
  ): ReturnType<PendingLogins["create"]> {
    const startedAt = now();
    const state = generateState();
    const { verifier, challenge } = await generateCodes(43);
    const name = nameOf(state);
    const seal = (login: PendingLogin) => sealer.seal(pack(login), { expiresAt: startedAt + lifetime });
    let login: PendingLogin = { ...wanted, state, verifier, startedAt };
    let value = await seal(login);
    if (name.length + value.length > budget) {
      // A browser drops such a cookie, and the login with it: better one that leads to the start page.
      login = { ...login, returnTo: settings.homeUrl };
      value = await seal(login);
    }
    const tooMany = await oldest(present, name.length + value.length + 3);
    const setCookies = [serializeCookie(name, value, { secure, maxAge: lifetime / 1000 }), ...tooMany.map(clear)];
    return { login, challenge, setCookies };
  }

  /** The names of those that have to go so that one of `size` octets fits. */
  async function oldest(present: readonly CookieEntry[], size: number): Promise<string[]> {
    const entries = await Promise.all(
      present.filter(isLogin).map(async (entry) => {
        const opened = await sealer.open(entry.value);
        return {
          name: entry.name,
          size: entry.name.length + entry.value.length + 3,
          at: opened.ok ? opened.payload.t : 0,
        };
      }),
    );
    entries.sort((first, second) => second.at - first.at);
    let total = size;
    const kept = entries.slice(0, most - 1).filter((entry) => {
      total += entry.size;
      return total <= budget;
    });
    return entries.filter((entry) => !kept.includes(entry)).map((entry) => entry.name);
  }

  async function find(state: string, present: readonly CookieEntry[]): ReturnType<PendingLogins["find"]> {
    const found = present.filter((entry) => entry.name === nameOf(state));
    const [entry] = found;
    if (entry === undefined || found.length > 1) return { problem: "absent" };
    const opened = await sealer.open(entry.value);
    if (!opened.ok) return { problem: opened.reason === "expired" ? "expired" : "unreadable" };
    const login = unpack(opened.payload);
    return login !== null && isEqual(login.state, state) ? { login } : { problem: "absent" };
  }

  return {
    create,
    find,
    forget: (state) => [clear(nameOf(state))],
    forgetAll: (present) => [...new Set(present.filter(isLogin).map((entry) => entry.name))].map(clear),
  };
}

function pack(login: PendingLogin): PackedLogin {
  const { state, verifier, clientId, scope, returnTo, startedAt } = login;
  return { s: state, v: verifier, c: clientId, q: scope, r: returnTo, t: startedAt };
}

function unpack(packed: PackedLogin): PendingLogin | null {
  const { s: state, v: verifier, c: clientId, q: scope, r: returnTo, t: startedAt } = packed;
  const texts: unknown[] = [state, verifier, clientId, returnTo];
  if (!texts.every((text) => typeof text === "string") || !Array.isArray(scope) || !Number.isFinite(startedAt))
    return null;
  return { state, verifier, clientId, scope, returnTo, startedAt };
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
