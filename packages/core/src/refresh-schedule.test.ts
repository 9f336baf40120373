import { describe, expect, it } from "vitest";
import {
  countFailure,
  type FailedRefresh,
  nextRefreshAt,
  type PauseLimits,
  type RefreshFailures,
  type RefreshTokenRules,
  type TokenRequestOutcome,
} from "./index.ts";

const strict: RefreshTokenRules = { rotation: "rotating", retryUnknown: false };
const lenient: RefreshTokenRules = { rotation: "either", retryUnknown: true };
const day = 86_400_000;
const never = Number.POSITIVE_INFINITY;

/** Fails again and again, each time as soon as it may, and returns the pauses in seconds. */
function pausesOf(outcome: TokenRequestOutcome, count: number, limits?: PauseLimits): number[] {
  const pauses: number[] = [];
  let failed: RefreshFailures | null = null;
  for (let now = 0; pauses.length < count; now = failed.pausedUntil) {
    failed = countFailure(failed, { outcome, sentAt: now }, strict, now, limits);
    pauses.push((failed.pausedUntil - now) / 1000);
  }
  return pauses;
}

function after(...outcomes: readonly TokenRequestOutcome[]): RefreshFailures {
  let failed: RefreshFailures | null = null;
  for (const outcome of outcomes) failed = countFailure(failed, { outcome, sentAt: 0 }, strict, 0);
  return failed as RefreshFailures;
}

describe("the pause after a failed refresh", () => {
  it.each<[TokenRequestOutcome, number[]]>([
    ["unavailable", [1, 2, 4, 8, 10, 10]],
    ["unknown", [1, 2, 4, 8, 10, 10]],
    ["misconfigured", [10, 20, 40, 60, 60]],
    ["refused", [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]],
  ])("%s: doubles up to the longest", (outcome, expected) => {
    expect(pausesOf(outcome, expected.length)).toEqual(expected);
    expect(pausesOf(outcome, 2_000).at(-1)).toBe(expected.at(-1));
  });

  it("is never longer than a longest one that is set", () => {
    expect(pausesOf("refused", 3, { longestPause: 10_000 })).toEqual([10, 10, 10]);
    const asked: FailedRefresh = { outcome: "unavailable", sentAt: 0, retryAfter: 600 };
    expect(countFailure(null, asked, strict, 0, { longestPause: 10_000 }).pausedUntil).toBe(10_000);
  });

  it("is spread by a quarter at most, but never shorter than the provider asks for", () => {
    expect([0, 0.5, 1].flatMap((spread) => pausesOf("refused", 1, { spread }))).toEqual([7.5, 8.75, 10]);
    const asked: FailedRefresh = { outcome: "refused", sentAt: 0, retryAfter: 10 };
    expect(countFailure(null, asked, strict, 0, { spread: 0 }).pausedUntil).toBe(10_000);
  });

  it.each<[TokenRequestOutcome, retryAfter: number, seconds: number]>([
    ["unavailable", 0, 1],
    ["unavailable", 7, 7],
    ["unavailable", 900, 900],
    ["unavailable", 86_400, 900],
    ["misconfigured", 60, 60],
    ["refused", 5, 10],
    ["refused", 600, 600],
  ])("%s with Retry-After %i is %i s: at least what is asked for, up to 15 minutes", (outcome, retryAfter, seconds) => {
    expect(countFailure(null, { outcome, sentAt: 0, retryAfter }, strict, 1_000).pausedUntil).toBe(
      1_000 + seconds * 1000,
    );
  });
});

describe("what is remembered of failures", () => {
  it("is plain JSON", () => {
    const failed = after("refused", "unknown", "unavailable");
    expect(JSON.parse(JSON.stringify(failed))).toEqual(failed);
  });

  it("keeps the offer of a login and the count of refusals over every other failure", () => {
    const failed = after("refused", "refused", "unavailable", "misconfigured");
    expect(failed).toMatchObject({ refusals: 2, refusedSince: 0, failures: 2, ended: false });
    const next = countFailure(failed, { outcome: "refused", sentAt: 5_000 }, strict, 5_000);
    expect(next).toMatchObject({ refusals: 3, refusedSince: 0, failures: 0, pausedUntil: 45_000 });
  });

  it("ends with a dead token, and with 30 days of refusals", () => {
    expect(after("ended")).toMatchObject({ ended: true, pausedUntil: 0 });
    const first = countFailure(null, { outcome: "refused", sentAt: 7 }, strict, 7);
    const again = (outcome: TokenRequestOutcome, now: number) =>
      countFailure(first, { outcome, sentAt: now }, strict, now);
    expect(again("refused", 30 * day + 6).ended).toBe(false);
    expect(again("unavailable", 40 * day).ended).toBe(false);
    expect(again("refused", 30 * day + 7).ended).toBe(true);
    expect(nextRefreshAt(again("ended", 8), lenient, 0, 100 * day)).toBe(never);
  });
});

describe("when a refresh token may be sent next", () => {
  it("at once where nothing failed, else after the pause, whatever the access token does", () => {
    expect(nextRefreshAt(null, strict, 3_600_000, 5)).toBe(5);
    for (const outcome of ["unavailable", "misconfigured", "refused"] as const) {
      const failed = after(outcome);
      expect(nextRefreshAt(failed, strict, 3_600_000, 5)).toBe(failed.pausedUntil);
      expect(nextRefreshAt(failed, strict, 0, 90_000)).toBe(90_000);
    }
  });

  describe("when an answer was lost", () => {
    const usableUntil = 100_000;
    const lost = (rules: RefreshTokenRules, now = 0): RefreshFailures =>
      countFailure(null, { outcome: "unknown", sentAt: 0 }, rules, now);
    const next = (rules: RefreshTokenRules, now: number) => nextRefreshAt(lost(rules), rules, usableUntil, now);

    it("without a grace: only when the access token no longer works, since then nothing is left to lose", () => {
      expect([0, 1_000, 50_000, usableUntil - 1].map((now) => next(strict, now))).toEqual(Array(4).fill(usableUntil));
      expect(next(strict, usableUntil)).toBe(usableUntil);
      expect(nextRefreshAt(lost(strict), strict, 0, 0)).toBe(1_000);
    });

    it("where reuse costs nothing: at once, and then after each pause", () => {
      expect(next(lenient, 0)).toBe(0);
      const twice = countFailure(lost(lenient), { outcome: "unknown", sentAt: 0 }, lenient, 0);
      expect(nextRefreshAt(twice, lenient, usableUntil, 0)).toBe(2_000);
    });

    it("within a grace as often as pauses allow, counted from the first send; after it as without one", () => {
      const grace: RefreshTokenRules = { ...strict, grace: 30 };
      expect([0, 29_999].map((now) => next(grace, now))).toEqual([0, 29_999]);
      expect(next(grace, 30_000)).toBe(usableUntil);
      const again = countFailure(lost(grace), { outcome: "unknown", sentAt: 20_000 }, grace, 20_000);
      expect(again).toMatchObject({ lostSince: 0, pausedUntil: 22_000 });
      expect([22_000, 29_999, 30_000].map((now) => nextRefreshAt(again, grace, usableUntil, now))).toEqual([
        22_000,
        29_999,
        usableUntil,
      ]);
    });

    it("no repetition at once where the grace is over before the answer is given up", () => {
      const short: RefreshTokenRules = { ...strict, grace: 10 };
      expect(lost(short, 10_000)).toMatchObject({ lostSince: 0, pausedUntil: 11_000 });
    });

    it("an unlimited grace is one without an end", () => {
      expect(next({ ...strict, grace: "unlimited" }, usableUntil - 1)).toBe(usableUntil - 1);
    });

    it("stays lost through other failures, until a success", () => {
      const failed = countFailure(lost(strict), { outcome: "unavailable", sentAt: 1 }, strict, 1);
      expect(nextRefreshAt(failed, strict, usableUntil, 50_000)).toBe(usableUntil);
    });
  });
});

describe("tokens that came and could not be used", () => {
  it.each(["tokens_rejected", "token_type_unsupported"] as const)(
    "%s: where reuse revokes the login, the old one is not shown again while the access token works",
    (code) => {
      const rules = { rotation: "rotating", retryUnknown: false } as const;
      const failed = countFailure(null, { outcome: "refused", sentAt: 1_000, code }, rules, 1_000);
      expect(nextRefreshAt(failed, rules, 500_000, 20_000)).toBe(500_000);
      expect(nextRefreshAt(failed, { ...rules, retryUnknown: true }, 500_000, 20_000)).toBe(20_000);
    },
  );
});
