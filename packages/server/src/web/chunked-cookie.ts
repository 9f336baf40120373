import { SessionTooLargeError } from "@pixy/grants";
import type { CookieEntry } from "./cookies.ts";
import { clearedCookie, type SetCookie, setCookieLine } from "./set-cookie.ts";

/** Browsers ignore more than 4,096 octets, and proxies count name, value and attributes. */
const maxOctets = 3_800;
const chunkCount = 2;

type CookieLife = Pick<SetCookie, "secure" | "maxAge">;

/**
 * Writes a value as one cookie, or as two where it does not fit into one, and deletes forms of it that the request
 * carried and that are not written now.
 *
 * @throws SessionTooLargeError before anything is written
 */
export function writeChunked(
  name: string,
  value: string,
  options: CookieLife & { readonly present: readonly CookieEntry[] },
): SetCookie[] {
  const { present, ...life } = options;
  const parts = split(name, value, life);
  const names = new Set(parts.map((part) => part.name));
  const stale = namesOf(name, present).filter((other) => !names.has(other));
  return [...parts, ...stale.map((other) => clearedCookie(other, life.secure))];
}

/**
 * Puts a value together again, of two cookies of 3,800 octets at most. Anything but exactly what `writeChunked` leaves
 * in a browser is a problem.
 */
export function readChunked(
  name: string,
  entries: readonly CookieEntry[],
): { value: string } | { problem: "absent" | "duplicate" | "incomplete" | "too_large" } {
  // Nearly every request: one cookie that holds it all.
  if (entries.length === 1 && entries[0]?.name === name && entries[0].value.length <= maxOctets)
    return { value: entries[0].value };
  const ours = entries.filter((entry) => isFormOf(name, entry.name));
  const [first] = ours;
  if (first === undefined) return { problem: "absent" };
  const names = new Set(ours.map((entry) => entry.name));
  if (names.size < ours.length || (names.has(name) && names.size > 1)) return { problem: "duplicate" };
  // Told before anything is opened: we write no such cookie.
  if (ours.some((entry) => entry.value.length > maxOctets)) return { problem: "too_large" };
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
  options: Pick<SetCookie, "secure"> & { readonly present: readonly CookieEntry[] },
): SetCookie[] {
  const names = new Set([name, ...namesOf(name, options.present)]);
  return Array.from(names, (other) => clearedCookie(other, options.secure));
}

function split(name: string, value: string, life: CookieLife): SetCookie[] {
  const room = (part: string): number => maxOctets - setCookieLine({ name: part, value: "", ...life }).length;
  if (value.length <= room(name)) return [{ name, value, ...life }];
  const counted = `${chunkCount}~${value}`;
  const size = room(`${name}.0`);
  if (counted.length > chunkCount * size) {
    throw new SessionTooLargeError(
      `The sealed session has ${value.length} characters and does not fit into ${chunkCount} cookies of ${maxOctets} octets.`,
      "Return less from `onLogin`, or keep sessions on the server with the `store` option.",
    );
  }
  return [
    { name: `${name}.0`, value: counted.slice(0, size), ...life },
    { name: `${name}.1`, value: counted.slice(size), ...life },
  ];
}

/** Tells whether a cookie is `name`, or a part of it that `writeChunked` writes; another number is somebody else's. */
export function isFormOf(name: string, other: string): boolean {
  return other.startsWith(name) && /^(?:\.[01])?$/.test(other.slice(name.length));
}

function namesOf(name: string, entries: readonly CookieEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.name).filter((other) => isFormOf(name, other)))];
}
