import { maxAgeUntil } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import { clearChunked, writeChunked } from "../web/chunked-cookie.ts";
import type { CookieEntry } from "../web/cookies.ts";
import type { SetCookie } from "../web/set-cookie.ts";
import type { IssuedSession } from "./session.ts";

/** The cookies that give a session to a browser. */
export function sessionCookies<Data>(
  { cookies, secure, now, persistent }: Settings<Data>,
  { value, endsAt }: IssuedSession,
  present: readonly CookieEntry[],
): SetCookie[] {
  const life = persistent ? { maxAge: maxAgeUntil({ now }, endsAt) } : {};
  return writeChunked(cookies.session, value, { secure, ...life, present });
}

/** Those that take it away. */
export function clearSessionCookies<Data>(
  { cookies, secure }: Settings<Data>,
  present: readonly CookieEntry[],
): SetCookie[] {
  return clearChunked(cookies.session, { secure, present });
}
