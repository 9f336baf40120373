import { readNote, type StoredRecord } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";
import { readChunked } from "../web/chunked-cookie.ts";
import { readCookies } from "../web/cookies.ts";
import type { OpenSession } from "./session.ts";

/** What a Cookie header leads to. */
export interface Found<Data> {
  readonly session: OpenSession<Data> | null;
  /** The browser should be given this session anew: it is newer than what the cookie says. */
  readonly renew: boolean;
  /** The browser holds a cookie of ours that leads nowhere any more. */
  readonly clear: boolean;
  /** The refresh token is dead. */
  readonly ended: boolean;
  /** The cookie is, or may be, that of another app on this host: not ours to clear. */
  readonly foreign?: true;
  /** The key of the provider that the ended session was at, where that is known. */
  readonly provider?: string | null;
  /** The provider refused to renew the tokens, and a login would help. */
  readonly reauthNeeded: boolean;
}

/** Tells from what was noted of failures whether a login would help. */
export function isReauthNeeded(stored: StoredRecord): boolean {
  return stored.note !== null && (readNote(stored)?.refusedSince ?? null) !== null;
}

export const nobody: Found<never> = { session: null, renew: false, clear: false, ended: false, reauthNeeded: false };
export const stranger: Found<never> = { ...nobody, foreign: true };

/** The value of the session's cookie, put together again, or what was found where there is none. */
export function readSessionCookie<Data>(
  { cookies, emit }: Settings<Data>,
  cookieHeader: string | null,
): string | Found<never> {
  const entries = readCookies(cookieHeader, cookies.session);
  if (entries.length === 0) return nobody;
  const read = readChunked(cookies.session, entries);
  if (!("problem" in read)) return read.value;
  if (read.problem === "absent") return nobody;
  emit({ type: "cookie.rejected", reason: read.problem });
  return { ...nobody, clear: true };
}
