import type { UpkeepOptions, UpkeepProgress } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { createGrantsWorld, type GrantsWorldInput } from "../lib/grants-world.ts";
import { otherSecret } from "../lib/web-app.ts";

const day = 86_400;
const fast: UpkeepOptions = { within: day, perSecond: 10_000 };
const none: UpkeepProgress = { looked: 0, renewed: 0, warned: 0, failed: 0, ended: 0, skipped: 0 };

/** So many people, whose refresh tokens die after a week without use. */
async function people(count: number, input: GrantsWorldInput = {}) {
  const world = createGrantsWorld({ ...input, rules: { idleLifetime: 7 * day, ...input.rules } });
  for (let index = 0; index < count; index++) await world.grants.save({ owner: `${index}` }, world.tokens());
  return world;
}

describe("upkeep", () => {
  it("renews what would be idle for too long, and nothing before", async () => {
    const { grants, clock, refreshes } = await people(5);
    clock.advance(5 * day * 1000);
    expect(await grants.upkeep(fast)).toEqual(none);
    clock.advance(day * 1000);
    expect(await grants.upkeep(fast)).toEqual({ ...none, looked: 5, renewed: 5 });
    expect([refreshes(), await grants.upkeep(fast)]).toEqual([5, none]);
    clock.advance(6 * day * 1000);
    expect(await grants.upkeep(fast)).toMatchObject({ renewed: 5 });
  });

  it("of several workers at once renews each once, with strict rotation", async () => {
    const { again, clock, refreshes, server } = await people(30, { server: { rotation: "strict" } });
    clock.advance(6.5 * day * 1000);
    const runs = await Promise.all([1, 2, 3, 4].map(() => again().upkeep(fast)));
    expect(refreshes()).toBe(30);
    expect(runs.reduce((sum, { failed, ended }) => sum + failed + ended, 0)).toBe(0);
    expect(server.violations).toEqual([]);
  });

  it("goes on where it was ended, and tells how far it is", async () => {
    const { grants, clock, refreshes } = await people(10);
    clock.advance(6.5 * day * 1000);
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = ({ renewed }: UpkeepProgress) => {
      told.push(renewed);
      if (renewed === 4) controller.abort();
    };
    expect(await grants.upkeep({ ...fast, onProgress, signal: controller.signal })).toMatchObject({ renewed: 4 });
    expect(told).toEqual([1, 2, 3, 4]);
    expect(await grants.upkeep(fast)).toMatchObject({ renewed: 6 });
    expect(refreshes()).toBe(10);
  });

  it("takes its time: so many token requests a second", async () => {
    const { grants, clock } = await people(5);
    clock.advance(6.5 * day * 1000);
    const began = performance.now();
    await grants.upkeep({ within: day, perSecond: 50 });
    expect(performance.now() - began).toBeGreaterThan(4 * 20 - 5);
  });

  it("is not held up by what fails: that is tried by the next run", async () => {
    const { grants, clock, server } = await people(20);
    clock.advance(6.5 * day * 1000);
    server.fault({ at: "token", kind: "status", status: 503, times: 7 });
    const first = await grants.upkeep(fast);
    expect([first.looked, first.renewed + first.failed]).toEqual([20, 20]);
    expect(first.failed).toBeGreaterThan(0);
    clock.advance(60_000);
    expect(await grants.upkeep(fast)).toMatchObject({ renewed: first.failed, failed: 0 });
  });

  it("leaves what is dead alone once it has seen it, and what belongs to another app for good", async () => {
    const { grants, again, clock, server, refreshes, tokens } = await people(3);
    await again({ secret: otherSecret, name: "other" }).save({ owner: "0" }, tokens());
    await grants.end({ owner: "2" });
    clock.advance(6.5 * day * 1000);
    server.revokeGrants();
    expect(await grants.upkeep(fast)).toEqual({ ...none, looked: 3, ended: 2, skipped: 1 });
    expect(await grants.upkeep(fast)).toMatchObject({ skipped: 1 });
    expect(refreshes()).toBe(2);
  });

  it("keeps a grant that nobody asks for and whose provider has no such clock", async () => {
    const { grants, tokens, clock } = createGrantsWorld({ options: { idle: 10 * day } });
    await grants.save({ owner: "ada" }, tokens());
    for (let days = 0; days < 40; days += 2) {
      await grants.upkeep({ ...fast, within: 3 * day });
      clock.advance(2 * day * 1000);
    }
    expect(await grants.has({ owner: "ada" })).toBe(true);
    clock.advance(11 * day * 1000);
    expect(await grants.has({ owner: "ada" })).toBe(false);
  });

  it.each([
    [{}, "within", /more than the time until the next run/],
    [{ within: 0 }, "within", /Give seconds/],
    [{ within: day, perSecond: 0 }, "perSecond", /above 0/],
    [{ within: day, every: 1 }, "every", /within, perSecond/],
  ])("says of %j what to write", async (options, option, message) => {
    const { grants } = createGrantsWorld();
    await expect(grants.upkeep(options as UpkeepOptions)).rejects.toThrow(
      expect.objectContaining({ code: "invalid_option", option, message: expect.stringMatching(message) }),
    );
  });
});
