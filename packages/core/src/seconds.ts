/** Reads whole seconds from 1 to 1e10, also as digits in a text; `null` for all else. */
export function readSeconds(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof seconds === "number" && seconds >= 1 && seconds <= 1e10 ? Math.floor(seconds) : null;
}
