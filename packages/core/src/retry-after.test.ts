import { describe, expect, it } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 1);
const secondsOf = (value?: string) =>
  readRetryAfter(new Response(null, value === undefined ? {} : { headers: { "Retry-After": value } }), now);

describe("Retry-After", () => {
  it("is a number of seconds", () => {
    expect(["0", "1", "120", "999999999"].map(secondsOf)).toEqual([0, 1, 120, 999_999_999]);
  });

  it("is a date, counted from now in whole seconds, never below none", () => {
    expect(secondsOf("Thu, 01 Jan 2026 00:02:00 GMT")).toBe(120);
    expect(secondsOf("Wed, 31 Dec 2025 23:59:59 GMT")).toBe(0);
    const late = new Response(null, { headers: { "Retry-After": "Thu, 01 Jan 2026 00:02:00 GMT" } });
    expect(readRetryAfter(late, now + 500)).toBe(120);
  });

  it.each([
    undefined,
    "",
    "-1",
    "1.5",
    "1e3",
    "+1",
    "soon",
    "1234567890",
    "2026-01-01",
    "Thursday, 01-Jan-26 00:02:00 GMT",
    "Thu, 99 Jan 2026 00:02:00 GMT",
  ])("is not %j", (value) => {
    expect(secondsOf(value)).toBeNull();
  });
});
