import { describe, expect, it } from "vitest";
import { readStatedEnd, reauthDueAt, refreshTokenEnds } from "./refresh-token-rules.ts";
import { createTokens, type Tokens } from "./tokens.ts";

const rules = { rotation: "either", retryUnknown: true } as const;
const now = Date.parse("2026-11-27T12:00:00Z");

const tokens = (more: Partial<Tokens> = {}): Tokens =>
  createTokens({
    ...{ accessToken: "a", tokenType: "Bearer", expiresIn: 60, scope: [], refreshToken: "r" },
    ...{ createdAt: now, authorizedAt: now - 1_000_000, ...more },
  });

describe("refreshTokenEnds", () => {
  it("counts the idle clock from the last answer and the absolute one from the login", () => {
    const both = { ...rules, idleLifetime: 100, lifetime: 5000 };
    expect(refreshTokenEnds(tokens(), both)).toEqual({ idle: now + 100_000, absolute: now + 4_000_000 });
    expect(reauthDueAt(tokens(), both)).toBe(now + 100_000);
    expect(reauthDueAt(tokens({ authorizedAt: now - 4_950_000 }), both)).toBe(now + 50_000);
  });

  it("knows no end where no clock runs", () => {
    expect(refreshTokenEnds(tokens({ refreshTokenExpiresAt: now }), rules)).toEqual({ idle: null, absolute: null });
    expect(reauthDueAt(tokens(), rules)).toBe(null);
    expect(reauthDueAt(tokens({ authorizedAt: null }), { ...rules, lifetime: 5000 })).toBe(null);
  });

  it.each(["idle", "absolute"] as const)(
    "takes what was stated for the %s clock, and the number for the other",
    (clock) => {
      const both = { ...rules, idleLifetime: 100, lifetime: 5000, stated: { field: "left", clock } };
      const documented = { idle: now + 100_000, absolute: now + 4_000_000 };
      expect(refreshTokenEnds(tokens({ refreshTokenExpiresAt: now + 7 }), both)).toEqual({
        ...documented,
        [clock]: now + 7,
      });
      expect(refreshTokenEnds(tokens({ refreshTokenExpiresAt: null }), both)).toEqual({ ...documented, [clock]: null });
      expect(refreshTokenEnds(tokens(), both)).toEqual(documented);
    },
  );
});

describe("readStatedEnd", () => {
  const stating = { ...rules, stated: { field: "left", clock: "idle" } } as const;

  it.each([
    [15_897_600, now + 15_897_600_000],
    ["15552000", now + 15_552_000_000],
    [0, null],
    ["0", null],
    [-1, undefined],
    [1e12, undefined],
    ["6 months", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("reads %j", (left, end) => {
    expect(readStatedEnd({ left }, stating, now)).toBe(end);
  });

  it("reads nothing where the provider states nothing", () => {
    expect(readStatedEnd({ left: 60 }, rules, now)).toBe(undefined);
  });
});
