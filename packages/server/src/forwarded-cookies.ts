import { isFormOf } from "./chunked-cookie.ts";

/**
 * Returns the Cookie header as the browser would send it after `lines`, Set-Cookie lines of the cookie `name`: what
 * runs later in this request then sees the session that the browser is about to get. Other cookies stay as they are.
 */
export function forwardCookies(header: string | null, name: string, lines: readonly string[]): string {
  const others = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && !isFormOf(name, pair.slice(0, pair.indexOf("=")).trim()));
  const written = lines.map((line) => line.slice(0, line.indexOf(";"))).filter((pair) => !pair.endsWith("="));
  return [...others, ...written].join("; ");
}
