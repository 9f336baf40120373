import type { Tokens } from "@pixy/core";
import { createSealer, digest, type Sealer } from "@pixy/grants";
import { providerMisconfigured, providerUnavailable, type RequestError, reauthRequired } from "../errors.ts";
import { maxAgeOf, passLife } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import { type CookieEntry, readCookies } from "../web/cookies.ts";
import { clearedCookie, type SetCookie } from "../web/set-cookie.ts";

/** What a browser remembers, for ten seconds, of its way over the refresh route. */
export interface Pass {
  /** Fingerprints of the tokens that it went there for, the newest first. */
  readonly made: readonly string[];
  /** The fingerprint of the token that it came back with. */
  readonly brought: string | null;
  /** Why it came back without one. */
  readonly failure: string | null;
}

export interface Passes {
  read(cookieHeader: string | null): Promise<Pass>;
  /** The cookie that remembers a pass. */
  write(pass: Pass): Promise<SetCookie>;
  /** The cookies that forget it. */
  clear(present: readonly CookieEntry[]): readonly SetCookie[];
}

const none: Pass = { made: [], brought: null, failure: null };
/** For tokens that live shorter than a browser remembers. */
const most = 3;
/** Octets of the cookie, which is shorter. */
const longest = 600;

/** Reads and writes what stands between a page and a second way over the refresh route: sealed, in a cookie of its own. */
export function createPasses<Data>(settings: Settings<Data>): Passes {
  const { cookies, secrets, secure, now } = settings;
  const name = cookies.pass;
  const sealer: Sealer<Pass> = createSealer({ secrets, purpose: "pass", context: [name], now });
  return {
    async read(cookieHeader) {
      const found = readCookies(cookieHeader, name).filter((entry) => entry.name === name);
      const [entry] = found;
      if (entry === undefined || found.length > 1 || entry.value.length > longest) return none;
      const opened = await sealer.open(entry.value);
      return opened.ok ? opened.payload : none;
    },
    async write(pass) {
      // The browser forgets in time; the seal lasts longer, for a page that has waited long for its API.
      const sealed = await sealer.seal(pass, { expiresAt: now() + 30 * passLife });
      return { name, value: sealed, secure, maxAge: maxAgeOf(passLife) };
    },
    clear: (present) => (present.some((entry) => entry.name === name) ? [clearedCookie(name, secure)] : []),
  };
}

/** Names an access token without giving it away. */
export async function fingerprintOf({ accessToken }: Tokens): Promise<string> {
  // What sets long tokens apart stands at their end.
  return (await digest(`fingerprint ${accessToken.slice(-128)}`)).slice(0, 16);
}

/** Tells whether a browser may go over the refresh route: once for one token, and never for one that was refused as it came from there. */
export function allowsPass(pass: Pass, fingerprint: string, isRefused: boolean): boolean {
  if (pass.made.includes(fingerprint) || pass.made.length >= most) return false;
  return !(isRefused && pass.brought === fingerprint);
}

/** Why the last pass brought nothing; `null` where it did. */
export function failureOf({ failure }: Pass): RequestError | null {
  if (failure === "provider_unavailable") return providerUnavailable(passLife);
  if (failure === "provider_misconfigured") return providerMisconfigured(passLife);
  return failure === "reauth_required" ? reauthRequired("refused") : null;
}

/** The pass after another one, which came back with new tokens or with an error; `null` where nothing has changed. */
export async function passAfter(
  before: Pass,
  fingerprint: string,
  result: Tokens | RequestError,
): Promise<Pass | null> {
  const made = [fingerprint, ...before.made];
  if (result instanceof Error) return { made, brought: null, failure: result.code };
  const brought = await fingerprintOf(result);
  return brought === fingerprint ? null : { made, brought, failure: null };
}
