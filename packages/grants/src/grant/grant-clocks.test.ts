import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/tokens.ts";
import { attentionIn, idleEndsAt, reauthDueAt, reauthNotice } from "./grant-clocks.ts";

const rules = { rotation: "either", retryUnknown: true } as const;
const day = 86_400_000;

describe("the clocks of a grant", () => {
  it("count from the consent and from the last refresh, where the provider has them", () => {
    const tokens = tokensWith({ createdAt: moment + day });
    expect([reauthDueAt(tokens, rules), idleEndsAt(tokens, rules)]).toEqual([null, null]);
    expect(reauthDueAt(tokens, { ...rules, lifetime: 3600 })).toBe(moment + 3_600_000);
    expect(reauthDueAt(tokensWith({ authorizedAt: null }), { ...rules, lifetime: 3600 })).toBeNull();
    expect(idleEndsAt(tokens, { ...rules, idleLifetime: 3600 })).toBe(moment + day + 3_600_000);
    expect(idleEndsAt(tokensWith({ refreshToken: null }), { ...rules, idleLifetime: 3600 })).toBeNull();
  });

  it("want attention at whichever comes first: idle for too long, a word to the person, the end of the record", () => {
    const tokens = tokensWith();
    const inDays = (change: object, warned = false) =>
      attentionIn({ tokens, warned }, { ...rules, ...change }, 400 * day, moment) / day;
    expect(inDays({})).toBe(400);
    expect(inDays({ idleLifetime: 7 * 86_400 })).toBe(7);
    expect(inDays({ lifetime: 180 * 86_400 })).toBe(180 - reauthNotice / day);
    expect(inDays({ lifetime: 180 * 86_400 }, true)).toBe(400);
    expect(inDays({ lifetime: 10 * 86_400, idleLifetime: 7 * 86_400 })).toBe(-5);
  });
});
