import { ConfigurationError, PixyError } from "@pixy/core";
import { parseSetCookie } from "cookie";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CookieEntry,
  clearChunked,
  cookiePrefix,
  readChunked,
  readCookies,
  SessionTooLargeError,
  serializeCookie,
  writeChunked,
} from "./cookies.ts";

const name = "__Host-pixy-app";
const maxAge = 15_552_000;

const entries = (...pairs: [string, string][]): CookieEntry[] => pairs.map(([name, value]) => ({ name, value }));
const write = (value: string, present: readonly CookieEntry[] = []): string[] =>
  writeChunked(name, value, { secure: true, maxAge, present });

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

describe("readCookies", () => {
  it("returns what starts with the prefix, in order", () => {
    const header = `a=1; ${name}.login.x=L;b=${name}; ${name}=S==; ${name.toLowerCase()}=no; x${name}=no`;
    expect(readCookies(header, name)).toEqual(entries([`${name}.login.x`, "L"], [name, "S=="]));
  });

  it("returns nothing without a header or a match", () => {
    for (const header of [null, "", ";", "=", "a=1; b=2", name, `${name};`, `${name} ; a=${name}=1`]) {
      expect(readCookies(header, name)).toEqual([]);
    }
  });

  it("C7 reads the cookies of several headers that were joined", () => {
    expect(readCookies(`a=1; ${name}.0=x; b=2; ${name}.1=y`, name)).toHaveLength(2);
  });

  it("C13 keeps duplicates", () => {
    expect(readCookies(`${name}=a; ${name}=b`, name)).toEqual(entries([name, "a"], [name, "b"]));
  });

  it("C14 trims space and tab only", () => {
    expect(readCookies(`\t ${name} \t=\t v \t; ${name}\t=w`, name)).toEqual(entries([name, "v"], [name, "w"]));
    // Node delivers header bytes as Latin-1: A0 and 85, and the UTF-8 bytes of U+2000 and U+FEFF.
    for (const disguise of [
      "\u00a0",
      "\u0085",
      "\u00e2\u0080\u0080",
      "\u00ef\u00bb\u00bf",
      "\ufeff",
      "\u2000",
      "\v",
      "\f",
    ]) {
      expect(readCookies(`${disguise}${name}=evil`, name)).toEqual([]);
      expect(readCookies(`a=1; ${disguise}${name}=evil`, name)).toEqual([]);
      expect(readChunked(name, readCookies(`${name}${disguise}=evil`, name))).toEqual({ problem: "absent" });
    }
  });

  it("C15 takes a nameless cookie as none of ours", () => {
    for (const header of [`=${name}=evil`, `x; =${name}=evil`, ` = ${name}=evil`, `; =${name}`]) {
      expect(readCookies(header, name)).toEqual([]);
    }
    expect(readCookies("=x; a=1", "")).toEqual(entries(["a", "1"]));
  });

  it("C19 gives quotes, commas, escapes and $Version no meaning", () => {
    const header = `$Version=1; ${name}="v"; ${name}.0=%41,${name}.1=x; $Path=/, ${name}=no`;
    expect(readCookies(header, name)).toEqual(entries([name, '"v"'], [`${name}.0`, `%41,${name}.1=x`]));
  });

  it("C20 has no object that a name could reach", () => {
    expect(readCookies("__proto__=x; constructor=y", "__")).toEqual(entries(["__proto__", "x"]));
    expect(readChunked("__proto__", readCookies("__proto__=x", "__proto__"))).toEqual({ value: "x" });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("agrees with splitting at every semicolon, for any header", () => {
    const piece = fc.constantFrom(";", "; ", "=", " ", "\t", "p", "p-", "p-a", "x", '"', ",", "p-a=1", "\u00a0");
    const split = (header: string, prefix: string): CookieEntry[] =>
      header.split(";").flatMap((pair) => {
        const [, key = "", value = ""] = /^[ \t]*([^=]*?)[ \t]*=[ \t]*(.*?)[ \t]*$/su.exec(pair) ?? [];
        return key !== "" && key.startsWith(prefix) ? [{ name: key, value }] : [];
      });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom("p-", "p-a", ""), (pieces, prefix) => {
        const header = pieces.join("");
        expect(readCookies(header, prefix)).toEqual(split(header, prefix));
      }),
      { seed: 6265, numRuns: 5_000 },
    );
  });
});

describe("serializeCookie", () => {
  it("writes every attribute, never a Domain", () => {
    expect(serializeCookie(name, "v.~-_", { secure: true, maxAge: 60 })).toBe(
      `${name}=v.~-_; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(serializeCookie("pixy-app", "v", { secure: false })).toBe("pixy-app=v; Path=/; HttpOnly; SameSite=Lax");
  });

  it("C3 refuses a prefix that a browser would not believe", () => {
    for (const prefix of ["__Host-", "__host-", "__HOST-", "__Secure-"]) {
      expect(() => serializeCookie(`${prefix}x`, "v", { secure: false })).toThrow(ConfigurationError);
    }
    expect([cookiePrefix(true), cookiePrefix(false)]).toEqual(["__Host-", ""]);
  });

  it("C6 refuses values that are not base64url, dot or tilde", () => {
    for (const value of ['"v"', "a b", "a;b", "a,b", "a=b", "a%20", "ä", "a\n", "a\\"]) {
      expect(() => serializeCookie(name, value, { secure: true })).toThrow(ConfigurationError);
    }
  });

  it("C9 refuses lifetimes that a browser would cut", () => {
    expect(serializeCookie(name, "v", { secure: true, maxAge: 34_560_000 })).toContain("Max-Age=34560000;");
    for (const maxAge of [34_560_001, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => serializeCookie(name, "v", { secure: true, maxAge })).toThrow(ConfigurationError);
    }
  });
});

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
    const attributes = serializeCookie(name, "", { secure: true, maxAge }).length;
    expect(counts.indexOf(2)).toBe(3_800 - attributes);
    expect(counts.indexOf(0)).toBe(2 * (3_800 - attributes - ".0".length) - "2~".length);
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
      [`${name}.7`, "c"],
      [`${name}.login`, "d"],
    );
    const cleared = (lines: string[]): string[] =>
      lines.map((line) => parseSetCookie(line)).flatMap((cookie) => (cookie.maxAge === 0 ? [cookie.name] : []));
    expect(cleared(write("v", present))).toEqual([`${name}.0`, `${name}.7`]);
    expect(cleared(write("v".repeat(5_000), present))).toEqual([name, `${name}.7`]);
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
    expect(read([".0", zero], [".1", one], [".9", "x"])).toEqual(incomplete);
    expect(read([".0", zero], [".1", one], [".2", "x"])).toEqual(incomplete);
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

  it("C13 take a repeated cookie as none", () => {
    expect(readChunked(name, readCookies(`${name}=a; ${name}=b`, name))).toEqual({ problem: "duplicate" });
    expect(readChunked(name, readCookies(`${name}=a; ${name}=a`, name))).toEqual({ problem: "duplicate" });
  });
});

describe("clearChunked", () => {
  it("C18 clears with the attributes that the cookie was set with, chunks included", () => {
    const clear = (other: string): string => `${other}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`;
    expect(clearChunked(name, { secure: true, present: [] })).toEqual([clear(name)]);
    const present = entries([`${name}.1`, "b"], [`${name}.0`, "a"], [`${name}.0`, "a"], [`${name}.login.x`, "c"]);
    expect(clearChunked(name, { secure: true, present })).toEqual([
      clear(name),
      clear(`${name}.1`),
      clear(`${name}.0`),
    ]);
  });
});
