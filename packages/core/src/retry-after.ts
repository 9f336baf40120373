/** Reads `Retry-After` as seconds from `now` (milliseconds), or null when absent or malformed. RFC 9110 section 10.2.3. */
export function readRetryAfter(response: Response, now: number): number | null {
  const value = response.headers.get("Retry-After") ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value);
  // Only the one date form that may be sent: Date.parse alone would also take "-1" and "1.5".
  const date = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}
