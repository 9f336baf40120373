import { ConfigurationError } from "@pixy/core";
import { stringifySetCookie } from "cookie";

export interface CookieAttributes {
  /** False only on http loopback, where some browsers drop `Secure` cookies. */
  readonly secure: boolean;
}

export interface CookieEntry {
  readonly name: string;
  readonly value: string;
}

/** The longest lifetime that browsers honour: 400 days, in seconds (RFC 6265bis section 5.5). */
const maxLifetime = 34_560_000;
/** How many cookies of ours are looked at: more than any browser keeps for a host, which are 180. */
const mostEntries = 200;

/** The name prefix that binds a cookie to this host: `__Host-` on https, none on http loopback. */
export function cookiePrefix(secure: boolean): string {
  return secure ? "__Host-" : "";
}

/**
 * Returns the cookies whose name starts with `prefix`, 200 at most, in order and with duplicates. Browsers send the
 * oldest first (RFC 6265 section 5.4). Values are taken as they are.
 */
export function readCookies(header: string | null, prefix: string): CookieEntry[] {
  const entries: CookieEntry[] = [];
  // Every request passes here, so only the neighbourhood of a match is looked at.
  let start = header?.indexOf(prefix) ?? -1;
  while (header !== null && start !== -1 && entries.length < mostEntries) {
    const semicolon = header.indexOf(";", start);
    const end = semicolon === -1 ? header.length : semicolon;
    // Cut out first: in a header without "=", each name would make us look for one to the very end.
    const pair = header.slice(start, end);
    const equals = pair.indexOf("=");
    if (startsPair(header, start) && equals !== -1) {
      const name = trimBlanks(pair.slice(0, equals));
      if (name !== "") entries.push({ name, value: trimBlanks(pair.slice(equals + 1)) });
    }
    start = semicolon === -1 ? -1 : header.indexOf(prefix, end + 1);
  }
  return entries;
}

/**
 * Writes one Set-Cookie line: HttpOnly, SameSite=Lax, Path=/, never a Domain. An empty value with `maxAge` 0 clears.
 *
 * @param attributes `maxAge` in seconds, at most 400 days; absent: until the browser closes
 * @throws ConfigurationError `invalid_cookie` for what a browser would drop
 */
export function serializeCookie(
  name: string,
  value: string,
  attributes: CookieAttributes & { readonly maxAge?: number },
): string {
  const { secure, maxAge } = attributes;
  if (!secure && /^__(?:host|secure)-/i.test(name)) {
    throw invalid(
      "baseUrl",
      `The cookie ${name} needs Secure.`,
      "Serve the app over https, or drop the prefix from `name`.",
    );
  }
  if (!/^[\w.~-]*$/.test(value)) {
    throw invalid(
      "name",
      `The value of the cookie ${name} has other characters than base64url, "." and "~".`,
      "Seal the value.",
    );
  }
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0 && maxAge <= maxLifetime)) {
    throw invalid(
      "session",
      `The cookie ${name} cannot live ${maxAge} seconds.`,
      `Use whole seconds up to ${maxLifetime} (400 days).`,
    );
  }
  const lifetime = maxAge === undefined ? {} : { maxAge };
  const cookie = { name, value, path: "/", httpOnly: true, secure, sameSite: "lax", ...lifetime } as const;
  return stringifySetCookie(cookie, { encode: String });
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function startsPair(header: string, start: number): boolean {
  let index = start - 1;
  while (index >= 0 && isBlank(header.charCodeAt(index))) index--;
  return index < 0 || header[index] === ";";
}

/**
 * Takes away spaces and tabs at both ends, as HTTP does (RFC 9110 section 5.5) and browsers do with cookies. Never
 * `String.prototype.trim`: it takes U+00A0 away too, which hides a name from the browser's `__Host-` rules.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function invalid(option: string, message: string, hint: string): ConfigurationError {
  return new ConfigurationError(message, { code: "invalid_cookie", option, hint });
}
