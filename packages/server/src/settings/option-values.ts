import { ConfigurationError } from "@pixy/core";
import type { RecordStore } from "@pixy/grants";
import { type ReturnPath, readReturnPath } from "../web/return-path.ts";
import { longestMaxAge } from "./lifetimes.ts";

/**
 * Reads a path below `baseUrl`, as a router compares it.
 *
 * @throws ConfigurationError
 */
export function readPath(option: string, path: unknown): string {
  if (typeof path === "string" && /^(\/[\w.~-]+)+$/.test(path)) return path;
  throw refuseOption(option, 'Give a path like "/auth": letters, digits, - . _ ~, no end slash.');
}

/** Reads the stem of the cookies' names. */
export function readName(name: unknown): string {
  if (typeof name === "string" && /^[A-Za-z0-9][\w-]{0,40}$/.test(name)) return name;
  throw refuseOption("name", "Begin with a letter or digit; then up to 40 letters, digits, - and _. No cookie prefix.");
}

/** Reads a list of origins, each as a browser sends it. */
export function readOrigins(origins: unknown): readonly string[] {
  const isOrigin = (text: unknown) => typeof text === "string" && URL.canParse(text) && new URL(text).origin === text;
  if (Array.isArray(origins) && origins.every(isOrigin)) return Object.freeze([...(origins as string[])]);
  throw refuseOption(
    "trustedOrigins",
    'Give a list of origins, such as ["https://app.example"]: scheme, host, no path.',
  );
}

/** Reads where sessions live; `null` where that is the browser. */
export function readStore(store: RecordStore | null = null): RecordStore | null {
  if (store === null || typeof store.acquire === "function") return store;
  throw refuseOption("store", "Give what memoryStore() or redisStore(client) returns. Leave it out for cookies.");
}

/** Reads what people are shown for a provider. */
export function readLabel(label: unknown): string {
  if (typeof label === "string" && /^\P{Cc}{1,64}$/u.test(label)) return label;
  throw refuseOption("label", 'Give a short text, such as "Google".');
}

/** Reads a scope list, without repetitions (RFC 6749 section 3.3). */
export function readScope(scope: unknown): readonly string[] {
  const valid = Array.isArray(scope) && scope.every((item) => typeof item === "string" && /^[!#-[\]-~]+$/.test(item));
  if (!valid) throw refuseOption("scope", 'Give a list with one scope each, such as ["user-read-private"].');
  return Object.freeze([...new Set(scope as string[])]);
}

/** Reads a lifetime in seconds. */
export function readSeconds(option: string, seconds: unknown): number {
  if (Number.isSafeInteger(seconds) && (seconds as number) > 0 && (seconds as number) <= longestMaxAge) {
    return seconds as number;
  }
  throw refuseOption(
    option,
    `Give whole seconds between 1 and ${longestMaxAge} (400 days, the most that browsers keep a cookie).`,
  );
}

/** Reads whether a session outlives the browser that is closed. */
export function readPersistent(persistent: unknown = true): boolean {
  if (typeof persistent === "boolean") return persistent;
  throw refuseOption("session.persistent", "Give `false` for a cookie that ends with the browser, or leave it out.");
}

/** Reads where a logout leads to: a path of this app, or `null` where none is given. */
export function readAfterLogout(path: string | undefined, baseUrl: URL): ReturnPath | null {
  if (path === undefined) return null;
  const safe = readReturnPath(path, baseUrl);
  if (safe === null) throw refuseOption("afterLogout", 'Give a path of this app, such as "/goodbye".');
  return safe;
}

/** The error for an option that cannot be used; `hint` says what to write instead. */
export function refuseOption(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used. ${hint}`, {
    code: "invalid_option",
    option,
    hint,
  });
}
