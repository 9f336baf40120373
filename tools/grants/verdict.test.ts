import { describe, expect, it } from "vitest";
import type { Kill } from "./proof.ts";
import { judge } from "./verdict.ts";

const good: Kill = {
  ...{ signal: "SIGKILL", point: "after the lease", isHit: true, tokenRequests: 1, atOnce: 1 },
  ...{ others: { 200: 10 }, after: { 200: 1 } },
};

describe("what a kill may cost", () => {
  it("nothing before the request was sent and after the save", () => {
    expect(judge(good)).toEqual({ ends: "kept", problems: [] });
    const lost = judge({ ...good, after: { reauth_required: 1 }, others: { reauth_required: 10 } });
    expect([lost.ends, lost.problems.length]).toEqual(["wrong", 2]);
  });

  it("the grant, where what replaced its token died with the process", () => {
    const kill: Kill = { ...good, point: "after the answer", tokenRequests: 2 };
    expect(judge({ ...kill, after: { reauth_required: 1 }, others: { reauth_required: 10 } })).toEqual({
      ...{ ends: "lost between send and save", problems: [] },
    });
  });

  it.each([{ isHit: false }, { tokenRequests: 3 }, { atOnce: 2 }, { others: { store_unavailable: 1 } }])(
    "never %j",
    (change) => {
      expect(judge({ ...good, ...change }).problems).toHaveLength(1);
    },
  );
});
