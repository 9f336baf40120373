import { describe, expect, it } from "vitest";
import { type GrantEvent, grantLines } from "./grant-event.ts";

const grant = { owner: "ada", provider: "spotify", account: null };
const error = new Error("canary");

describe("what is printed of an event where nobody listens", () => {
  it.each<[GrantEvent, RegExp | null]>([
    [{ type: "tokens.refreshed", grant, rotated: true }, null],
    [{ type: "refresh.failed", grant, outcome: "unavailable", error, wait: 1 }, null],
    [{ type: "refresh.failed", grant, outcome: "refused", error, wait: 1 }, /"ada" at spotify failed \(refused\)/],
    [{ type: "refresh.failed", grant, outcome: "misconfigured", error, wait: 1 }, /misconfigured/],
    [{ type: "refresh.commit_failed", grant, error }, /Check the store/],
    [{ type: "reauth.due", grant, dueAt: new Date(0) }, /1970-01-01.*write to the person/],
    [{ type: "grant.ended", grant, reason: "app" }, null],
    [{ type: "grant.ended", grant, reason: "refused", error }, /^Ended \(refused\)/],
    [{ type: "revocation.failed", grant, error }, /lives on/],
  ])("%j", (event, line) => {
    if (line === null) expect(grantLines.lineOf(event)).toBeNull();
    else expect(grantLines.lineOf(event)).toMatch(line);
  });

  it("comes once an hour for the failures of one grant", () => {
    const failed = { type: "refresh.failed", grant, outcome: "refused", error, wait: 1 } as const;
    expect(grantLines.troubleOf(failed)).toBe('grant of "ada" at spotify');
    expect(grantLines.troubleOf({ type: "reauth.due", grant, dueAt: new Date(0) })).toBeNull();
  });
});
