export interface CookieEntry {
  readonly name: string;
  readonly value: string;
}

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
