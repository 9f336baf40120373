import type { GrantEvent } from "@pixy/grants";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";

const day = 86_400_000;
const ada = { owner: "ada" };
const run = { within: 3600, perSecond: 10_000 };

describe("reauth.due", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("comes 15 days before the end, once, of somebody whom no job asks for, with whom to write to", async () => {
    const { grants, tokens, clock, events, refreshes } = createGrantsWorld();
    await grants.save(ada, tokens());
    const end = clock.now() + 180 * day;
    clock.advance(164 * day);
    await grants.upkeep(run);
    expect(events).toEqual([]);
    clock.advance(day);
    expect(await grants.upkeep(run)).toMatchObject({ looked: 1, warned: 1 });
    expect(await grants.upkeep(run)).toMatchObject({ looked: 0 });
    const grant = { owner: "ada", provider: "spotify", account: null };
    expect(events).toEqual([{ type: "reauth.due", grant, dueAt: new Date(end) }]);
    expect(refreshes()).toBe(0);
  });

  it("comes of somebody whose token is refreshed, also without upkeep", async () => {
    const { grants, tokens, clock, types } = createGrantsWorld();
    await grants.save(ada, tokens());
    for (const days of [165, 1, 1]) {
      clock.advance(days * day);
      expect((await grants.of(ada).fetch("/v1/me")).status).toBe(200);
    }
    expect(types().filter((type) => type === "reauth.due")).toHaveLength(1);
  });

  it("is raised again until the listener has taken it, and once where several workers run", async () => {
    const { again, tokens, clock } = createGrantsWorld();
    const state = { isDown: true, tried: 0, taken: 0 };
    const onEvent = async ({ type }: GrantEvent) => {
      if (type !== "reauth.due") return;
      state.tried++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (state.isDown) throw new Error("no mail today");
      state.taken++;
    };
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    await again().save(ada, tokens());
    clock.advance(165 * day);
    expect(await again({ onEvent }).upkeep(run)).toMatchObject({ warned: 0 });
    state.isDown = false;
    const runs = await Promise.all([1, 2, 3].map(() => again({ onEvent }).upkeep(run)));
    expect([runs.reduce((sum, { warned }) => sum + warned, 0), state.taken, state.tried]).toEqual([1, 1, 2]);
    expect(printed).toHaveBeenCalledTimes(1);
  });

  it("does not forget what failed before", async () => {
    const { grants, tokens, clock, server, types, refreshes } = createGrantsWorld();
    await grants.save(ada, tokens());
    clock.advance(165 * day);
    server.fault({ at: "token", kind: "status", status: 400, body: { error: "invalid_request" } });
    await expect(grants.of(ada).accessToken()).rejects.toMatchObject({ kept: true });
    await grants.upkeep(run);
    await expect(grants.of(ada).accessToken()).rejects.toMatchObject({ kept: true });
    expect([types(), refreshes(), (await grants.list(ada))[0]?.reauthNeeded]).toEqual([
      ["refresh.failed", "reauth.due"],
      1,
      true,
    ]);
  });

  it("has nothing to say where nobody knows when it ends", async () => {
    const { grants, tokens, clock, events } = createGrantsWorld();
    await grants.save(ada, { ...tokens(), authorizedAt: null });
    clock.advance(200 * day);
    await grants.upkeep(run);
    expect(events).toEqual([]);
  });
});
