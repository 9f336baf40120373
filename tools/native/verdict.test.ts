import { describe, expect, it } from "vitest";
import { problemsOf, type Round } from "./verdict.ts";

const good: Round = {
  ...{ processes: 2, trouble: null, results: ["200", "200"], after: "200", milliseconds: 1 },
  ...{ tokenRequests: 1, atOnce: 1, isVictimServed: false, doneMeanwhile: null },
};
const killed: Round = { ...good, trouble: "SIGKILL", results: ["killed", "200"] };

describe("a round of the proof", () => {
  it("is good with one token request and no failure, also where one was killed before it was answered", () => {
    expect([good, killed, { ...killed, tokenRequests: 2 }].flatMap(problemsOf)).toEqual([]);
  });

  it("may lose the grant only where the killed one had been answered", () => {
    const lost = { ...killed, results: ["killed", "provider_unavailable"], after: "login_required" };
    expect(problemsOf({ ...lost, isVictimServed: true })).toEqual([]);
    expect(problemsOf(lost)).toHaveLength(2);
  });

  it.each([
    { ...good, tokenRequests: 2 },
    { ...good, tokenRequests: 0 },
    { ...good, atOnce: 2 },
    { ...good, results: ["200", "provider_unavailable"] },
    { ...good, after: "login_required" },
    { ...killed, tokenRequests: 3 },
    { ...good, trouble: "SIGSTOP" as const, results: ["login_required", "200"] },
  ])("never %j", (round) => {
    expect(problemsOf(round)).not.toEqual([]);
  });
});
