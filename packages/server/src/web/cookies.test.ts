import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readChunked } from "./chunked-cookie.ts";
import { type CookieEntry, cookiePrefix, readCookies } from "./cookies.ts";

const name = "__Host-pixy-app";

const entries = (...pairs: [string, string][]): CookieEntry[] => pairs.map(([name, value]) => ({ name, value }));

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

  it("D1 looks at 200 cookies, which is more than a browser keeps", () => {
    const header = Array.from({ length: 3_000 }, (_, index) => `${name}${index}=v`).join("; ");
    expect(readCookies(header, name)).toHaveLength(200);
    expect(readCookies(`${"a=1; ".repeat(3_000)}${name}=v`, name)).toEqual(entries([name, "v"]));
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

describe("cookiePrefix", () => {
  it("binds a cookie to its host, where browsers let it", () => {
    expect([cookiePrefix(true), cookiePrefix(false)]).toEqual(["__Host-", ""]);
  });
});
