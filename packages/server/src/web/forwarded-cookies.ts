import { isFormOf } from "./chunked-cookie.ts";
import { trimBlanks } from "./cookies.ts";
import type { SetCookie } from "./set-cookie.ts";

/**
 * Returns the Cookie header as the browser would send it after `cookies`, which are forms of the cookie `name`: what runs
 * later in this request then sees the session that the browser is about to get. Other cookies stay as they are.
 */
export function forwardCookies(header: string | null, name: string, cookies: readonly SetCookie[]): string {
  const pairs = cookies.map((cookie) => `${cookie.name}=${cookie.value}`);
  return replaceCookies(header, (other) => isFormOf(name, other), pairs);
}

/**
 * Returns a Cookie header with `pairs`, each `name=value`, in the place of every cookie whose name is `replaced`. A pair
 * without a value is left out. The others stay byte for byte, with duplicates: none takes a name that it did not have.
 */
export function replaceCookies(
  header: string | null,
  replaced: (name: string) => boolean,
  pairs: readonly string[],
): string {
  const others = (header ?? "").split(";").map(trimBlanks);
  const kept = others.filter((pair) => pair !== "" && !replaced(nameOf(pair)));
  return [...kept, ...pairs.filter((pair) => !pair.endsWith("="))].join("; ");
}

/** A pair without an equals sign is a value without a name. */
function nameOf(pair: string): string {
  return trimBlanks(pair.slice(0, Math.max(0, pair.indexOf("="))));
}
