import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMachine, type Machine } from "../../tools/native/proof.ts";
import { problemsOf } from "../../tools/native/verdict.ts";

// The short form: `check native` has ten rounds of 20 processes, kills and stops them at random, and kills one at each step.
describe("tokens in files over many processes", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await createMachine();
  });

  afterAll(async () => {
    await machine?.close();
  });

  it("ten terminals that start at once with an expired token: one token request, all succeed", async () => {
    const round = await machine.round(10);
    expect(problemsOf(round)).toEqual([]);
    expect([round.tokenRequests, round.results]).toEqual([1, Array(10).fill("200")]);
  });

  it("one that is stopped while its token request is on its way costs nothing: the others wait for it", async () => {
    const round = await machine.round(3, { signal: "SIGSTOP", sleep: 1_000 });
    expect([problemsOf(round), round.results]).toEqual([[], ["200", "200", "200"]]);
    expect([round.tokenRequests, round.doneMeanwhile]).toEqual([1, 0]);
  });
});
