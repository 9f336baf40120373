import { describe, expect, it } from "vitest";
import { inTurn, newer, row, seen, world } from "../../test/refresh-steps.ts";
import { defaultTiming } from "./refresh-world.ts";

describe("the lease", () => {
  it("of a session that is gone is not to be had", async () => {
    const { refresh, requests } = world({ acquire: () => ({ state: "gone" }) });
    expect(await refresh()).toEqual({ outcome: "ended", reason: "gone" });
    expect(requests()).toBe(0);
  });

  it("is asked for with the time of a request, and with the time for which others wait for its answer", async () => {
    const asked: unknown[] = [];
    const { refresh } = world({
      acquire: (_key, options) => {
        asked.push(options);
        return { state: "gone" };
      },
    });
    await refresh();
    expect(asked).toEqual([{ lease: 15_000, intent: 30_000 }]);
  });

  it("that cannot be taken, because the store is away, spends no token", async () => {
    const cause = new Error("away");
    const { refresh, requests } = world({ acquire: () => Promise.reject(cause) });
    expect(await refresh()).toEqual({ outcome: "unavailable", wait: 1_000, cause });
    expect(requests()).toBe(0);
  });

  it("of another worker is waited for in growing steps, until patience ends", async () => {
    const held = { acquire: () => ({ state: "held", remaining: 1_000 }) as const };
    const patient = world(held);
    expect(await patient.refresh()).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect(patient.waits.slice(0, 7)).toEqual([25, 50, 100, 200, 250, 250, 250]);
    expect(patient.clock.at).toBeGreaterThanOrEqual(16_000);
    expect(patient.clock.at).toBeLessThan(16_250);
    const exact = world(held, { timing: { ...defaultTiming, patience: 375 } });
    await exact.refresh();
    expect(exact.waits).toEqual([25, 50, 100, 200]);
  });

  it("is asked for again as soon as the store says that its holder has reported back", async () => {
    const acquire = inTurn({ state: "held", remaining: 1_000 } as const, { state: "gone" } as const);
    const told: unknown[] = [];
    const settled = async (...input: unknown[]) => told.push(input) > 0;
    const { refresh } = world({ acquire, settled }, { wait: () => new Promise(() => {}) });
    expect([await refresh(), told]).toEqual([{ outcome: "ended", reason: "gone" }, [["key", 25]]]);
  });

  it("that ends soon is asked for again as soon as it has ended", async () => {
    const acquire = inTurn({ state: "held", remaining: 10 } as const, { state: "gone" } as const);
    const { refresh, waits } = world({ acquire });
    await refresh();
    expect(waits).toEqual([10]);
  });

  it.each([
    [
      { ...row, ended: true },
      { outcome: "ended", reason: "refused" },
    ],
    [null, { outcome: "ended", reason: "gone" }],
    [newer, { outcome: "refreshed", session: { ...seen, fence: 2 } }],
  ])("is not waited for any longer once its holder has settled it: %j", async (stored, outcome) => {
    const { refresh, waits, requests } = world({
      acquire: () => ({ state: "held", remaining: 1_000 }),
      read: () => stored,
    });
    expect(await refresh()).toEqual(outcome);
    expect([waits, requests()]).toEqual([[25], 0]);
  });
});
