import { describe, expect, it } from "vitest";
import { forwardCookies, replaceCookies } from "./forwarded-cookies.ts";
import type { SetCookie } from "./set-cookie.ts";

function cookie(pair: string): SetCookie {
  const [name = "", ...value] = pair.split("=");
  return { name, value: value.join("="), secure: true };
}

describe("forwardCookies", () => {
  it("puts the new session in the place of the old one and leaves other cookies alone", () => {
    const header = "theme=dark; sid=old; lang=en";
    expect(forwardCookies(header, "sid", [cookie("sid=new")])).toBe("theme=dark; lang=en; sid=new");
  });

  it("takes away both parts of a session that is one cookie now, and the one of a session that is two", () => {
    const cleared = [cookie("sid.0="), cookie("sid.1=")];
    expect(forwardCookies("sid.0=2~a; sid.1=b", "sid", [cookie("sid=c"), ...cleared])).toBe("sid=c");
    expect(forwardCookies("sid=c", "sid", [cookie("sid.0=2~a"), cookie("sid.1=b"), cookie("sid=")])).toBe(
      "sid.0=2~a; sid.1=b",
    );
  });

  it("forwards nothing of a session that is cleared", () => {
    expect(forwardCookies("sid=old", "sid", [cookie("sid=")])).toBe("");
  });

  it("keeps cookies whose names only begin like ours", () => {
    expect(forwardCookies("sidecar=1; sid=old; sid.x=2", "sid", [cookie("sid=new")])).toBe(
      "sidecar=1; sid.x=2; sid=new",
    );
  });

  it("makes a header where there was none", () => {
    expect(forwardCookies(null, "sid", [cookie("sid=new")])).toBe("sid=new");
  });

  it("D3 makes a header longer by the new session at most", () => {
    const header = `sid.0=2~${"a".repeat(3_000)}; ${"x=1; ".repeat(2_000)}sid.1=b`;
    const cookies = [cookie(`sid.0=2~${"c".repeat(3_700)}`), cookie(`sid.1=${"d".repeat(3_700)}`), cookie("sid=")];
    expect(forwardCookies(header, "sid", cookies).length).toBeLessThanOrEqual(header.length + 7_500);
  });

  it("keeps a value with equals signs whole", () => {
    expect(forwardCookies("a=b=c=", "sid", [cookie("sid=new")])).toBe("a=b=c=; sid=new");
  });

  it.each([
    ["U+00A0", "\u00a0"],
    ["U+0085", "\u0085"],
    ["a form feed", "\f"],
    ["U+2003", "\u2003"],
    ["U+FEFF", "\ufeff"],
  ])("C14 gives no cookie behind %s a name that the browser did not let it have", (_what, space) => {
    const planted = [`${space}__Host-sid=evil`, `${space}__Host-other=evil${space}`, `__Host-other${space}=evil`];
    expect(forwardCookies(planted.join("; "), "__Host-sid", [cookie("__Host-sid=new")])).toBe(
      [...planted, "__Host-sid=new"].join("; "),
    );
  });

  it("takes spaces and tabs for the separators that they are", () => {
    expect(forwardCookies("\t a=1 ;\t__Host-sid =old;b=2\t", "__Host-sid", [cookie("__Host-sid=new")])).toBe(
      "a=1; b=2; __Host-sid=new",
    );
  });

  it("C15 takes no value without a name for a cookie of ours", () => {
    expect(forwardCookies("sidx; sid", "sid", [cookie("sid=new")])).toBe("sidx; sid; sid=new");
  });

  it("keeps duplicates of other cookies, in order", () => {
    expect(forwardCookies("a=1; sid=x; a=2; sid=y", "sid", [cookie("sid=new")])).toBe("a=1; a=2; sid=new");
  });
});

describe("replaceCookies", () => {
  it("puts pairs in the place of the names that are replaced, and leaves out what has no value", () => {
    expect(replaceCookies("a=1; b=2; c=3", (name) => name === "a" || name === "c", ["a=", "c=4"])).toBe("b=2; c=4");
    expect(replaceCookies(null, () => true, ["a="])).toBe("");
  });
});
