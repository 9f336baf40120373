import { ConfigurationError } from "@pixy/core";
import { stringifySetCookie } from "cookie";
import type { CookieEntry } from "./cookies.ts";

/** A cookie for a browser: a value until the answer leaves, and written once, by `setCookieLine`. */
export interface SetCookie extends CookieEntry {
  /** False only on http loopback, where some browsers drop `Secure` cookies. */
  readonly secure: boolean;
  /** Seconds, at most 400 days; absent: until the browser closes. */
  readonly maxAge?: number;
}

/** The longest lifetime that browsers honour: 400 days, in seconds (RFC 6265bis section 5.5). */
const maxLifetime = 34_560_000;

/** The cookie that takes one away. */
export function clearedCookie(name: string, secure: boolean): SetCookie {
  return { name, value: "", secure, maxAge: 0 };
}

/** Sets cookies in the headers of an answer. Throws as `setCookieLine`. */
export function setCookies(headers: Headers, cookies: readonly SetCookie[]): void {
  for (const cookie of cookies) headers.append("set-cookie", setCookieLine(cookie));
}

/**
 * Writes the line of a cookie: HttpOnly, SameSite=Lax, Path=/, never a Domain.
 *
 * @throws ConfigurationError `invalid_cookie` for what a browser would drop, or read as something else
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 RFC 6265 section 4.1.1}
 */
export function setCookieLine({ name, value, secure, maxAge }: SetCookie): string {
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

function invalid(option: string, message: string, hint: string): ConfigurationError {
  return new ConfigurationError(message, { code: "invalid_cookie", option, hint });
}
