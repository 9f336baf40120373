import { ConfigurationError, PixyError } from "@pixy/core";
import { stringifySetCookie } from "cookie";

export interface CookieAttributes {
  /** False only on http loopback, where some browsers drop `Secure` cookies. */
  readonly secure: boolean;
}

export interface CookieEntry {
  readonly name: string;
  readonly value: string;
}

/** A session that does not fit into the cookies that browsers and proxies carry; nothing was written. */
export class SessionTooLargeError extends PixyError {
  override readonly name: string = "SessionTooLargeError";

  constructor(message: string, hint: string) {
    super(message, { code: "session_too_large", hint });
  }

  static override isInstance(value: unknown): value is SessionTooLargeError {
    return PixyError.isInstance(value) && value.name === "SessionTooLargeError";
  }
}

/** The longest lifetime that browsers honour: 400 days, in seconds (RFC 6265bis section 5.5). */
const maxLifetime = 34_560_000;
/** Browsers ignore more than 4,096 octets, and proxies count name, value and attributes. */
const maxOctets = 3_800;
const chunkCount = 2;

/** The name prefix that binds a cookie to this host: `__Host-` on https, none on http loopback. */
export function cookiePrefix(secure: boolean): string {
  return secure ? "__Host-" : "";
}

/**
 * Returns the cookies whose name starts with `prefix`, in order and with duplicates. Values are taken as they are.
 *
 * Only space and tab are trimmed: `String.prototype.trim` would let U+00A0 before a name disguise it from the browser's
 * `__Host-` rules.
 */
export function readCookies(header: string | null, prefix: string): CookieEntry[] {
  const entries: CookieEntry[] = [];
  // Every request passes here, so only the neighbourhood of a match is looked at.
  let start = header?.indexOf(prefix) ?? -1;
  while (header !== null && start !== -1) {
    const semicolon = header.indexOf(";", start);
    const end = semicolon === -1 ? header.length : semicolon;
    const equals = header.indexOf("=", start);
    if (startsPair(header, start) && equals !== -1 && equals < end) {
      const name = trimBlanks(header.slice(start, equals));
      if (name !== "") entries.push({ name, value: trimBlanks(header.slice(equals + 1, end)) });
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

/**
 * Writes a value as one cookie, or as two where it does not fit into one, and deletes forms of it that the request
 * carried and that are not written now.
 *
 * @throws SessionTooLargeError before anything is written
 */
export function writeChunked(
  name: string,
  value: string,
  options: CookieAttributes & { readonly maxAge: number; readonly present: readonly CookieEntry[] },
): string[] {
  const { secure, maxAge, present } = options;
  const parts = split(name, value, { secure, maxAge });
  const written = parts.map((part) => serializeCookie(part.name, part.value, { secure, maxAge }));
  const names = new Set(parts.map((part) => part.name));
  const stale = namesOf(name, present).filter((other) => !names.has(other));
  return [...written, ...stale.map((other) => serializeCookie(other, "", { secure, maxAge: 0 }))];
}

/** Puts a value together again. Anything but exactly what `writeChunked` leaves in a browser is a problem. */
export function readChunked(
  name: string,
  entries: readonly CookieEntry[],
): { value: string } | { problem: "absent" | "duplicate" | "incomplete" } {
  const ours = entries.filter((entry) => isFormOf(name, entry.name));
  const [first] = ours;
  if (first === undefined) return { problem: "absent" };
  const names = new Set(ours.map((entry) => entry.name));
  if (names.size < ours.length || (names.has(name) && names.size > 1)) return { problem: "duplicate" };
  if (first.name === name) return { value: first.value };
  const chunks = Array.from(
    { length: chunkCount },
    (_, index) => ours.find((entry) => entry.name === `${name}.${index}`)?.value,
  );
  const count = `${chunkCount}~`;
  if (names.size !== chunkCount || chunks.includes(undefined) || !chunks[0]?.startsWith(count))
    return { problem: "incomplete" };
  return { value: chunks.join("").slice(count.length) };
}

/** Clears `name` always, so that a logout is seen to clear it, and its chunks where the request carried them. */
export function clearChunked(
  name: string,
  options: CookieAttributes & { readonly present: readonly CookieEntry[] },
): string[] {
  const names = new Set([name, ...namesOf(name, options.present)]);
  return Array.from(names, (other) => serializeCookie(other, "", { secure: options.secure, maxAge: 0 }));
}

function split(name: string, value: string, attributes: CookieAttributes & { readonly maxAge: number }): CookieEntry[] {
  const room = (cookie: string): number => maxOctets - serializeCookie(cookie, "", attributes).length;
  if (value.length <= room(name)) return [{ name, value }];
  const counted = `${chunkCount}~${value}`;
  const size = room(`${name}.0`);
  if (counted.length > chunkCount * size) {
    throw new SessionTooLargeError(
      `The sealed session has ${value.length} characters and does not fit into ${chunkCount} cookies of ${maxOctets} octets.`,
      "Return less from `onLogin`, or keep sessions on the server with the `store` option.",
    );
  }
  return [
    { name: `${name}.0`, value: counted.slice(0, size) },
    { name: `${name}.1`, value: counted.slice(size) },
  ];
}

function isFormOf(name: string, other: string): boolean {
  return other.startsWith(name) && /^(?:\.[0-9])?$/.test(other.slice(name.length));
}

function namesOf(name: string, entries: readonly CookieEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.name).filter((other) => isFormOf(name, other)))];
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function startsPair(header: string, start: number): boolean {
  let index = start - 1;
  while (index >= 0 && isBlank(header.charCodeAt(index))) index--;
  return index < 0 || header[index] === ";";
}

function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function invalid(option: string, message: string, hint: string): ConfigurationError {
  return new ConfigurationError(message, { code: "invalid_cookie", option, hint });
}
