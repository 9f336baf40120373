import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/content.ts";
import { cookiePairs } from "../../test/cookie-pairs.ts";
import { settingsWith } from "../../test/settings.ts";
import { providerUnavailable, refreshNeeded } from "../errors.ts";
import { readCookies } from "../web/cookies.ts";
import { type SetCookie, setCookieLine } from "../web/set-cookie.ts";
import { allowsPass, createPasses, failureOf, fingerprintOf, type Pass, passAfter } from "./passes.ts";

const none: Pass = { made: [], brought: null, failure: null };

function world() {
  const clock = { at: moment };
  return { clock, passes: createPasses(settingsWith({ now: () => clock.at })) };
}

const pairOf = (cookie: SetCookie) => cookiePairs([cookie]);

describe("a pass", () => {
  it("is kept for ten seconds by the browser, and says nothing to who reads its cookie", async () => {
    const { passes } = world();
    const pass = { made: ["A".repeat(16)], brought: "B".repeat(16), failure: null };
    const cookie = await passes.write(pass);
    const line = setCookieLine(cookie);
    expect(line).toMatch(/^__Host-pixy-pass=[\w.-]+; Max-Age=10; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(line).not.toMatch(/AAAA|BBBB/);
    expect(await passes.read(`a=b; ${pairOf(cookie)}`)).toEqual(pass);
  });

  it("is none where the cookie is absent, there twice, not ours, long, or old", async () => {
    const { passes, clock } = world();
    const pair = pairOf(await passes.write({ ...none, made: ["A".repeat(16)] }));
    const long = `__Host-pixy-pass=${"A".repeat(8_000)}`;
    for (const header of [null, "a=b", `${pair}; ${pair}`, `${pair}A`, "__Host-pixy-pass=A", long]) {
      expect(await passes.read(header)).toEqual(none);
    }
    clock.at += 300_000;
    expect(await passes.read(pair)).toEqual(none);
  });

  it("fits into the octets that are read, at its longest", async () => {
    const { passes } = world();
    const longest = { made: [1, 2, 3].map(() => "A".repeat(16)), brought: null, failure: "provider_misconfigured" };
    expect(await passes.read(pairOf(await passes.write(longest)))).toEqual(longest);
  });

  it("is cleared where it is there", async () => {
    const { passes } = world();
    expect(passes.clear([])).toEqual([]);
    expect(passes.clear(readCookies("__Host-pixy-pass=x", "__Host-pixy"))).toMatchObject([
      { name: "__Host-pixy-pass", value: "", maxAge: 0 },
    ]);
  });
});

describe("whether a pass may be made", () => {
  const [first, second] = ["A".repeat(16), "B".repeat(16)];

  it("is once for a token, also where it is both due and refused", () => {
    expect([allowsPass(none, first, false), allowsPass(none, first, true)]).toEqual([true, true]);
    const made = { ...none, made: [first] };
    expect([allowsPass(made, first, false), allowsPass(made, first, true), allowsPass(made, second, true)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("is never for the token that it brought, where an API refuses it at once", () => {
    const pass = { made: [first], brought: second, failure: null };
    expect([allowsPass(pass, second, true), allowsPass(pass, second, false)]).toEqual([false, true]);
  });

  it("is three times for tokens that live for a moment", () => {
    expect(allowsPass({ ...none, made: ["1", "2", "3"] }, "4", false)).toBe(false);
  });
});

describe("what a pass brings", () => {
  it("is a token, or why there is none, or nothing new", async () => {
    const [before, after] = [tokensWith(), tokensWith({ accessToken: "newer" })];
    const fingerprint = await fingerprintOf(before);
    expect(fingerprint).toMatch(/^[\w-]{16}$/);
    expect(await passAfter(none, fingerprint, before)).toBeNull();
    const brought = { made: [fingerprint], brought: await fingerprintOf(after), failure: null };
    expect(await passAfter(none, fingerprint, after)).toEqual(brought);
    const failed = await passAfter(brought, "B".repeat(16), providerUnavailable(5_000));
    expect(failed).toEqual({ made: ["B".repeat(16), fingerprint], brought: null, failure: "provider_unavailable" });
  });

  it.each([
    ["provider_unavailable", 503],
    ["provider_misconfigured", 503],
    ["reauth_required", 401],
  ])("is told to the page: %s", (failure, status) => {
    expect(failureOf({ ...none, failure })).toMatchObject({ code: failure, status });
  });

  it("is not what nobody can tell", () => {
    expect(failureOf(none)).toBeNull();
    expect(failureOf({ ...none, failure: refreshNeeded("/auth/refresh").code })).toBeNull();
  });
});
