const maxLength = 2048;
/** As a parameter of the login's URL, which is a header of the answer. */
const maxEncoded = 3072;

// Browsers drop tabs and newlines, read "\" as "/", and some readers trim or normalise the exotic spaces: a path that
// needs any of these (or half a surrogate pair) has no honest use here.
const refusedCharacters = /[\\\p{Cc}\p{Cs}\u00a0\u2028\u2029\ufeff]/u;

// Some proxies decode a slash before they resolve dot segments, which leads out of the app.
const climbing = /(\.|%2e){2}(%2f|%5c)|(%2f|%5c)(\.|%2e){2}/i;

declare const checked: unique symbol;

/** A path, query and fragment inside the app, in which a person may be led: only `readReturnPath` and `homePath` make one. */
export type ReturnPath = string & { readonly [checked]: true };

/** The start page of the app whose base URL has this path. */
export function homePath(basePath: string): ReturnPath {
  return `${basePath}/` as ReturnPath;
}

/**
 * Returns `value` as path, query and fragment inside the app, or null when a redirect to it could leave the origin or
 * loop. A path without the app's prefix gets it. The value is never decoded.
 *
 * @param base the configured base URL; its origin and its path count
 * @param forbidden paths of our own routes
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.11.1 RFC 9700 section 4.11.1}
 */
export function readReturnPath(value: unknown, base: URL, forbidden: readonly string[] = []): ReturnPath | null {
  if (typeof value !== "string" || value.length > maxLength) return null;
  if (!value.startsWith("/") || value.startsWith("//") || refusedCharacters.test(value)) return null;
  const url = parse(value, base);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== base.origin) return null;
  // Dot segments resolve away: "/..//evil.example" has our origin, and the path "//evil.example".
  if (url.pathname.startsWith("//") || climbing.test(url.pathname)) return null;
  const prefix = base.pathname.replace(/(?<!\/)\/+$/, "");
  if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) url.pathname = prefix + url.pathname;
  const wanted = comparable(url.pathname);
  if (forbidden.some((path) => comparable(path) === wanted)) return null;
  const path = url.pathname + url.search + url.hash;
  // Encoded, a letter may have nine characters, and encoded again fifteen.
  return path.length > maxLength || encodeURIComponent(path).length > maxEncoded ? null : (path as ReturnPath);
}

function parse(value: string, base: URL): URL | null {
  try {
    return new URL(value, base);
  } catch {
    return null;
  }
}

// Routers commonly ignore case, a final slash and percent-encoding; here it only decides whether a path is refused.
function comparable(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {}
  // Begins at the first slash of a row only: tried from each of 2,000 slashes, it took 10 ms of a stranger's choosing.
  return decoded.toLowerCase().replace(/(?<!\/)\/+$/, "");
}
