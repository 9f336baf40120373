import type { Settings } from "../settings/settings.ts";
import { clearChunked, writeChunked } from "../web/chunked-cookie.ts";
import type { CookieEntry } from "../web/cookies.ts";
import type { IssuedSession } from "./session.ts";

/** The Set-Cookie lines that give a session to a browser. */
export function sessionCookies<Data>(
  { cookies, secure, now }: Settings<Data>,
  { value, endsAt }: IssuedSession,
  present: readonly CookieEntry[],
): string[] {
  const maxAge = Math.max(1, Math.floor((endsAt - now()) / 1000));
  return writeChunked(cookies.session, value, { secure, maxAge, present });
}

/** The Set-Cookie lines that take it away. */
export function clearSessionCookies<Data>(
  { cookies, secure }: Settings<Data>,
  present: readonly CookieEntry[],
): string[] {
  return clearChunked(cookies.session, { secure, present });
}
