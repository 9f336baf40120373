import type { SetCookie } from "../src/web/set-cookie.ts";

/** What a browser sends once these cookies were set. */
export function cookiePairs(cookies: readonly SetCookie[]): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
