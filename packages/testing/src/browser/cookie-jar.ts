import { Cookie, CookieJar } from "tough-cookie";
import { trimBlanks } from "../state/blanks.ts";
import type { Site } from "./fetch-metadata.ts";

/** A cookie as a test looks at it. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: "strict" | "lax" | "none";
  readonly hostOnly: boolean;
  /** Milliseconds since the Unix epoch, or null for a session cookie. */
  readonly expiresAt: number | null;
}

/** What decides about SameSite: where the request comes from, and whether it is a navigation that changes nothing. */
export interface CookieContext {
  readonly site: Site;
  readonly isNavigation: boolean;
  readonly method: string;
}

export interface BrowserJar {
  /** Returns the Cookie header for a request, or null when no cookie goes with it. */
  header(url: URL, context: CookieContext): Promise<string | null>;
  /** Keeps what a browser keeps of these Set-Cookie headers; a cookie it refuses is dropped without a word. */
  store(setCookies: readonly string[], url: URL, context: CookieContext): Promise<void>;
  list(url: URL): Promise<readonly StoredCookie[]>;
  clone(): Promise<BrowserJar>;
}

/** Creates a cookie jar with a browser's rules: host-only, Path, Secure (loopback counts as secure), prefixes, SameSite; ports do not count. */
export function createBrowserJar(jar: CookieJar = new CookieJar(undefined, { prefixSecurity: "silent" })): BrowserJar {
  return {
    async header(url, context) {
      return (await jar.getCookieString(url.href, { sameSiteContext: sendingContext(context) })) || null;
    },
    async store(setCookies, url, { site, isNavigation }) {
      // The answer to a navigation is first party, wherever the navigation came from (RFC 6265bis §5.7).
      const sameSiteContext = isNavigation || site !== "cross-site" ? "strict" : "none";
      for (const header of setCookies) {
        const cookie = parse(header);
        if (cookie === undefined) continue;
        if (cookie.sameSite === "none" && !cookie.secure) continue;
        // Chromium takes a cookie without SameSite for Lax.
        if (cookie.sameSite === undefined) cookie.sameSite = "lax";
        await jar.setCookie(cookie, url.href, { sameSiteContext, ignoreError: true });
      }
    },
    async list(url) {
      return (await jar.getCookies(url.href)).map((cookie) => ({
        name: cookie.key,
        value: cookie.value,
        path: cookie.path ?? "/",
        secure: cookie.secure,
        httpOnly: cookie.httpOnly,
        sameSite: cookie.sameSite as StoredCookie["sameSite"],
        hostOnly: cookie.hostOnly ?? true,
        expiresAt: finiteOrNull(cookie.expiryTime()),
      }));
    },
    clone: async () => createBrowserJar(await jar.clone()),
  };
}

/** Reads a Set-Cookie header; the library trims spaces that belong to a name (RFC 6265bis §5.6). */
function parse(header: string): Cookie | undefined {
  const cookie = Cookie.parse(header);
  const pair = /^[^;]*/.exec(header)?.[0] ?? "";
  const equals = pair.indexOf("=");
  if (cookie === undefined || equals === -1) return cookie;
  cookie.key = trimBlanks(pair.slice(0, equals));
  cookie.value = trimBlanks(pair.slice(equals + 1));
  return cookie;
}

/** The library says Infinity of a session cookie. */
function finiteOrNull(moment: number | undefined): number | null {
  return moment !== undefined && Number.isFinite(moment) ? moment : null;
}

/** RFC 6265bis §5.8.3: Lax cookies cross sites on safe navigations only, Strict ones never. */
function sendingContext({ site, isNavigation, method }: CookieContext): "strict" | "lax" | "none" {
  if (site !== "cross-site") return "strict";
  return isNavigation && (method === "GET" || method === "HEAD") ? "lax" : "none";
}
