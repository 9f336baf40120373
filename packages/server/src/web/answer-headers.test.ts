import { describe, expect, it } from "vitest";
import { addHeaders, privateLines } from "./answer-headers.ts";

/** What becomes of an app's own headers on an answer that read the session. */
function after(own: [name: string, value: string][]): Record<string, string> {
  const headers = new Headers(own);
  addHeaders(headers, privateLines);
  return Object.fromEntries(headers);
}

describe("Cache-Control of an answer that depends on who asks", () => {
  it.each([
    ["nothing", "", "private, no-store"],
    ["the same", "private, no-store", "private, no-store"],
    ["public", "public, max-age=600", "private, no-store"],
    ["Public, in capitals", "PUBLIC,Max-Age=600", "private, no-store"],
    ["for shared caches", "s-maxage=600, stale-while-revalidate=60, stale-if-error=60", "private, no-store"],
    ["for ever", "max-age=31536000, immutable", "private, no-store"],
    ["private in part", 'private="x-name, x-mail", max-age=60', "private, no-store"],
    ["who understands it ignores no-store", "must-understand, no-store", "private, no-store"],
    ["not to be compressed", "no-cache, no-transform", "private, no-store, no-cache, no-transform"],
    ["public, not to be compressed", "public,no-transform , max-age=1", "private, no-store, no-transform"],
    [
      "what Next says",
      "private, no-cache, no-store, max-age=0, must-revalidate",
      "private, no-store, no-cache, must-revalidate",
    ],
    [
      "an extension with a comma",
      'community="a, public", no-transform',
      'private, no-store, community="a, public", no-transform',
    ],
    ["a quote that does not end", 'x="a, no-transform', 'private, no-store, x="a, no-transform'],
    ["nothing between commas", ",, no-transform ,", "private, no-store, no-transform"],
  ])("%s: %s", (_what, own, merged) => {
    expect(after(own === "" ? [] : [["cache-control", own]])["cache-control"]).toBe(merged);
  });

  it.each([
    ...["x-accel-expires", "surrogate-control", "cdn-cache-control", "cloudflare-cdn-cache-control"],
    ...["vercel-cdn-cache-control", "netlify-cdn-cache-control"],
  ])("goes without %s, which some caches obey before it", (name) => {
    expect(after([[name, "max-age=600"]])).toEqual(Object.fromEntries(privateLines));
  });
});

describe("Vary of an answer that depends on who asks", () => {
  it.each([
    ["", "Cookie"],
    ["Accept", "Accept, Cookie"],
    ["Accept,  Origin", "Accept, Origin, Cookie"],
    ["accept, cookie", "accept, cookie"],
    ["*", "*"],
    ["Accept, *", "*"],
    ["Cookie-Consent", "Cookie-Consent, Cookie"],
  ])("%j becomes %j", (own, united) => {
    expect(after(own === "" ? [] : [["vary", own]]).vary).toBe(united);
  });
});

describe("addHeaders", () => {
  it("puts cookies after the app's own, and sets everything else", () => {
    const headers = new Headers([
      ["set-cookie", "own=1"],
      ["location", "/theirs"],
      ["x-kept", "1"],
    ]);
    addHeaders(headers, [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["location", "/ours"],
    ]);
    expect(headers.getSetCookie()).toEqual(["own=1", "a=1", "b=2"]);
    expect([headers.get("location"), headers.get("x-kept"), headers.get("cache-control")]).toEqual([
      "/ours",
      "1",
      null,
    ]);
  });

  it("is the same once more", () => {
    const headers = new Headers([
      ["cache-control", "no-transform"],
      ["vary", "Accept"],
    ]);
    for (const _ of [1, 2]) addHeaders(headers, privateLines);
    expect(Object.fromEntries(headers)).toEqual({
      "cache-control": "private, no-store, no-transform",
      vary: "Accept, Cookie",
    });
  });

  it("takes long headers of an app in no time that grows faster than they do", () => {
    const own = `x="${"\\".repeat(20_000)}${",".repeat(20_000)}`;
    expect(after([["cache-control", own]])["cache-control"]).toMatch(/^private, no-store/);
  });
});

describe("the lines of a read session", () => {
  it("are one list for all requests, which nobody can change", () => {
    expect(() => (privateLines as unknown[]).push([])).toThrow(TypeError);
    expect(() => ((privateLines[0] as unknown as string[])[1] = "public")).toThrow(TypeError);
  });
});
