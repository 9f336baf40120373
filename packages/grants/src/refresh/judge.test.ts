import { describe, expect, it } from "vitest";
import { fence, newer, row, world } from "../../test/refresh-steps.ts";

describe("what stands in the store", () => {
  it("is waited after, given back, and not asked about again, where another worker failed", async () => {
    const { refresh, requests, releases } = world({
      acquire: () => ({ state: "acquired", fence, stored: { ...row, pause: 500 } }),
    });
    expect(await refresh()).toMatchObject({ outcome: "unavailable", wait: 500 });
    expect([requests(), releases.length]).toEqual([0, 1]);
  });

  it("is refreshed where a newer fence has written nothing", async () => {
    const stored = { ...row, fence: 2, sealed: null };
    const { refresh, requests } = world({ acquire: () => ({ state: "acquired", fence, stored }) });
    expect(await refresh()).toMatchObject({ outcome: "refreshed", session: { fence } });
    expect(requests()).toBe(1);
  });

  it("is left to others where this version cannot read it", async () => {
    const { refresh, requests } = world(
      { acquire: () => ({ state: "acquired", fence, stored: newer }) },
      { open: () => null },
    );
    expect(await refresh()).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect(requests()).toBe(0);
  });
});
