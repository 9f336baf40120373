import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStage } from "../../tools/grants/proof.ts";
import { judge } from "../../tools/grants/verdict.ts";
import { createMachine, type Machine } from "../../tools/native/proof.ts";
import { problemsOf } from "../../tools/native/verdict.ts";

// The short form: `check native` has ten rounds of 20 processes, and kills and stops them at random.
describe("tokens in files over many processes", () => {
  let machine: Machine;
  let stage: Awaited<ReturnType<typeof createStage>>;

  beforeAll(async () => {
    machine = await createMachine();
    stage = await createStage(pathToFileURL(await mkdtemp(join(tmpdir(), "pixy-files-"))).href);
  });

  afterAll(async () => {
    await machine?.close();
    await stage?.close();
  });

  it("ten terminals that start at once with an expired token: one token request, all succeed", async () => {
    const round = await machine.round(10);
    expect(problemsOf(round)).toEqual([]);
    expect([round.tokenRequests, round.results]).toEqual([1, Array(10).fill("200")]);
  });

  it("one that is stopped for a while costs nothing", async () => {
    const round = await machine.round(3, { signal: "SIGSTOP", after: 200, sleep: 1_000 });
    expect([problemsOf(round), round.results]).toEqual([[], ["200", "200", "200"]]);
  });

  it("a process is killed at each step: one more token request at most, never two at once, and none is lost but between send and save", {
    timeout: 120_000,
  }, async () => {
    const kills = await stage.kills("SIGKILL");
    expect(kills.flatMap((kill) => judge(kill).problems)).toEqual([]);
    expect(kills.filter(({ isHit }) => isHit)).toHaveLength(6);
  });
});
