import { ConfigurationError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { clearedCookie, setCookieLine, setCookies } from "./set-cookie.ts";

const name = "__Host-pixy-app";

/** The option that a refusal names. */
function refusal(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (ConfigurationError.isInstance(error) && error.code === "invalid_cookie") return error.option;
    throw error;
  }
  throw new Error("It was taken.");
}

describe("a cookie for a browser", () => {
  it("writes every attribute, never a Domain", () => {
    expect(setCookieLine({ name, value: "v.~-_", secure: true, maxAge: 60 })).toBe(
      `${name}=v.~-_; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
    expect(setCookieLine({ name: "pixy-app", value: "v", secure: false })).toBe(
      "pixy-app=v; Path=/; HttpOnly; SameSite=Lax",
    );
  });

  it("C3 refuses a prefix that a browser would not believe", () => {
    for (const prefix of ["__Host-", "__host-", "__HOST-", "__Secure-"]) {
      expect(refusal(() => setCookieLine({ name: `${prefix}x`, value: "v", secure: false }))).toBe("baseUrl");
    }
    expect(setCookieLine({ name: "x__Host-y", value: "v", secure: false })).toContain("x__Host-y=v;");
  });

  it("C6 refuses values that are not base64url, dot or tilde", () => {
    for (const value of ['"v"', "a b", "a;b", "a,b", "a=b", "a%20", "ä", "a\n", "a\\"]) {
      expect(refusal(() => setCookieLine({ name, value, secure: true }))).toBe("name");
    }
  });

  it("C9 refuses lifetimes that a browser would cut", () => {
    expect(setCookieLine({ name, value: "v", secure: true, maxAge: 34_560_000 })).toContain("Max-Age=34560000;");
    for (const maxAge of [34_560_001, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refusal(() => setCookieLine({ name, value: "v", secure: true, maxAge }))).toBe("session");
    }
  });

  it("is one line for each in the headers of an answer", () => {
    const headers = new Headers({ "set-cookie": "own=1" });
    const cookies = [{ name: "a", value: "1", secure: true }, clearedCookie("b", true)];
    setCookies(headers, cookies);
    expect(headers.getSetCookie()).toEqual(["own=1", ...cookies.map(setCookieLine)]);
  });
});
