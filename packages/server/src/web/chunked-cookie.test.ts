import { ConfigurationError, PixyError } from "@pixy/core";
import { SessionTooLargeError } from "@pixy/grants";
import { parseSetCookie } from "cookie";
import { describe, expect, it } from "vitest";
import { clearChunked, readChunked, writeChunked } from "./chunked-cookie.ts";
import { type CookieEntry, readCookies } from "./cookies.ts";
import { setCookieLine } from "./set-cookie.ts";

const name = "__Host-pixy-app";
const maxAge = 15_552_000;

const entries = (...pairs: [string, string][]): CookieEntry[] => pairs.map(([name, value]) => ({ name, value }));
const write = (value: string, present: readonly CookieEntry[] = []): string[] =>
  writeChunked(name, value, { secure: true, maxAge, present }).map(setCookieLine);

/** What a browser keeps after a response: one value for a name, none after Max-Age=0. */
function browser(): { take(lines: readonly string[]): void; header(): string; entries(): CookieEntry[] } {
  const kept = new Map<string, string>();
  const header = (): string => Array.from(kept, ([key, value]) => `${key}=${value}`).join("; ");
  return {
    take(lines) {
      for (const line of lines) {
        const cookie = parseSetCookie(line);
        if (cookie.maxAge === 0) kept.delete(cookie.name);
        else kept.set(cookie.name, cookie.value ?? "");
      }
    },
    header,
    entries: () => readCookies(header(), name),
  };
}

describe("writeChunked and readChunked", () => {
  it("K15 C1 C5 flip once from one cookie to two, and refuse more before anything is written", () => {
    const counts: number[] = [];
    for (let size = 1; size < 7_700; size++) {
      const value = "v".repeat(size);
      try {
        const lines = write(value);
        counts.push(lines.length);
        const names = lines.map((line) => parseSetCookie(line).name);
        expect(new Set(names).size).toBe(lines.length);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(3_800);
        expect(lines.join("").length).toBeLessThanOrEqual(7_600);
      } catch (error) {
        expect(SessionTooLargeError.isInstance(error)).toBe(true);
        counts.push(0);
      }
    }
    const flips = counts.filter((count, index) => index > 0 && count !== counts[index - 1]);
    expect(flips).toEqual([2, 0]);
    const attributes = setCookieLine({ name, value: "", secure: true, maxAge }).length;
    expect(counts.indexOf(2)).toBe(3_800 - attributes);
    expect(counts.indexOf(0)).toBe(2 * (3_800 - attributes - ".0".length) - "2~".length);
  });

  it("tells its error from all others", () => {
    const other = new ConfigurationError("x", { code: "invalid_option", option: "x", hint: "x" });
    for (const value of [other, new Error("x"), { name: "SessionTooLargeError" }, null]) {
      expect(SessionTooLargeError.isInstance(value)).toBe(false);
    }
  });

  it("K15 names the way out of a session that is too large", () => {
    expect(() => write("v".repeat(8_000))).toThrow(
      expect.objectContaining({ code: "session_too_large", hint: expect.stringContaining("`store`") }),
    );
    expect(PixyError.isInstance(new SessionTooLargeError("m", "h"))).toBe(true);
    expect(SessionTooLargeError.isInstance(new Error("m"))).toBe(false);
  });

  it("K6 shrink from two cookies to one, and grow back, in one browser", () => {
    const jar = browser();
    for (const size of [5_000, 900, 7_000, 4_000, 1, 5_000]) {
      const value = "v".repeat(size - 1) + String(size % 10);
      jar.take(write(value, jar.entries()));
      expect(readChunked(name, jar.entries())).toEqual({ value });
      expect(jar.entries()).toHaveLength(size > 3_800 ? 2 : 1);
    }
  });

  it("K6 delete stale forms only, each once", () => {
    const present = entries(
      [name, "a"],
      [`${name}.0`, "b"],
      [`${name}.0`, "b"],
      [`${name}.1`, "c"],
      [`${name}.7`, "x"],
      [`${name}.login`, "d"],
    );
    const cleared = (lines: string[]): string[] =>
      lines.map((line) => parseSetCookie(line)).flatMap((cookie) => (cookie.maxAge === 0 ? [cookie.name] : []));
    expect(cleared(write("v", present))).toEqual([`${name}.0`, `${name}.1`]);
    expect(cleared(write("v".repeat(5_000), present))).toEqual([name]);
    expect(cleared(write("v", entries([name, "a"])))).toEqual([]);
  });

  it("K5 take only exactly what was written", () => {
    const value = `${"a".repeat(3_000)}${"b".repeat(3_000)}`;
    const [zero, one] = write(value).map((line) => parseSetCookie(line).value ?? "") as [string, string];
    const [other] = write("c".repeat(6_000)).map((line) => parseSetCookie(line).value ?? "") as [string];
    const read = (...pairs: [string, string][]): unknown =>
      readChunked(name, entries(...pairs.map(([suffix, value]): [string, string] => [name + suffix, value])));
    const incomplete = { problem: "incomplete" };
    const duplicate = { problem: "duplicate" };

    expect(read([".0", zero], [".1", one])).toEqual({ value });
    expect(read([".1", one], [".0", zero])).toEqual({ value });
    expect(read([".0", one], [".1", zero])).toEqual(incomplete);
    expect(read([".0", zero])).toEqual(incomplete);
    expect(read([".1", one])).toEqual(incomplete);
    // Nobody of ours writes these: they neither count nor get in the way.
    for (const number of [".2", ".9"]) expect(read([".0", zero], [".1", one], [number, "x"])).toEqual({ value });
    expect(read([".0", zero.replace("2~", "3~")], [".1", one])).toEqual(incomplete);
    expect(read([".0", zero.replace("2~", "1~")], [".1", one])).toEqual(incomplete);
    expect(read([".0", zero.replace("2~", "02~")], [".1", one])).toEqual(incomplete);
    expect(read([".0", zero.slice(2)], [".1", one])).toEqual(incomplete);
    for (const suffix of [".01", ".-1", ".10", ".1 ", ".1x", "..1", ".+1", ".١"]) {
      expect(read([".0", zero], [suffix, one])).toEqual(incomplete);
    }
    expect(read(["X.0", zero], ["X.1", one])).toEqual({ problem: "absent" });
    expect(read([".login.x", "v"])).toEqual({ problem: "absent" });
    expect(read([".0", zero], [".0", zero], [".1", one])).toEqual(duplicate);
    expect(read([".0", zero], [".1", one], ["", "v"])).toEqual(duplicate);
    expect(read(["", "v"], [".1", one])).toEqual(duplicate);
    // Parts of two sessions fit together here; what was sealed as a whole does not open.
    expect(read([".0", other], [".1", one])).not.toEqual({ value });
  });

  it("D1 read no cookie that is longer than any of ours", () => {
    const tooLarge = { problem: "too_large" };
    const most = "v".repeat(3_800);
    expect(readChunked(name, entries([name, most]))).toEqual({ value: most });
    expect(readChunked(name, entries([name, `${most}v`]))).toEqual(tooLarge);
    expect(readChunked(name, entries([`${name}.0`, `2~${most}`], [`${name}.1`, "v"]))).toEqual(tooLarge);
    expect(readChunked(name, entries([`${name}.0`, "2~v"], [`${name}.1`, `${most}v`]))).toEqual(tooLarge);
  });

  it("C13 take a repeated cookie as none", () => {
    expect(readChunked(name, readCookies(`${name}=a; ${name}=b`, name))).toEqual({ problem: "duplicate" });
    expect(readChunked(name, readCookies(`${name}=a; ${name}=a`, name))).toEqual({ problem: "duplicate" });
  });
});

describe("clearChunked", () => {
  it("C18 clears with the attributes that the cookie was set with, chunks included", () => {
    const clear = (other: string): string => `${other}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`;
    expect(clearChunked(name, { secure: true, present: [] }).map(setCookieLine)).toEqual([clear(name)]);
    const present = entries([`${name}.1`, "b"], [`${name}.0`, "a"], [`${name}.0`, "a"], [`${name}.login.x`, "c"]);
    expect(clearChunked(name, { secure: true, present }).map(setCookieLine)).toEqual([
      clear(name),
      clear(`${name}.1`),
      clear(`${name}.0`),
    ]);
  });
});
