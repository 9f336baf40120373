import { invalidOption } from "./errors.ts";

/** Tells whether a value is one scope of a list that spaces separate, RFC 6749 section 3.3. */
export function isScopeToken(value: unknown): value is string {
  return typeof value === "string" && /^[!#-[\]-~]+$/.test(value);
}

/** Throws `ConfigurationError` for a scope that would break the list. */
export function checkScopeToken(token: string): void {
  if (isScopeToken(token)) return;
  throw invalidOption("scope", 'Give one scope per array element, without spaces, quotes and backslashes: ["a", "b"].');
}
