import { describe, expect, it } from "vitest";
import { fence, inTurn, newer, refused, row, says, world } from "../../test/refresh-steps.ts";
import { tokensWith } from "../../test/tokens.ts";
import type { RecordStore } from "../record/record-store.ts";
import { defaultTiming, type Refreshable, type RefreshWorld } from "./refresh-world.ts";

describe("new tokens", () => {
  it("that do not fit where sessions are kept are told of, and the session stays", async () => {
    const cause = new Error("too large");
    const { refresh } = world({}, { renew: () => Promise.reject(cause) });
    expect(await refresh()).toEqual({ outcome: "unavailable", wait: 1_000, cause });
  });

  it("that cannot be sealed are a lost answer where the token before may be used up, and no outage", async () => {
    const cause = new Error("no key");
    const change: Partial<RefreshWorld<Refreshable>> = {
      renew: () => Promise.reject(cause),
      request: async () => tokensWith({ accessToken: "new", refreshToken: "rotated" }),
    };
    const { refresh, releases } = world({}, change);
    expect(await refresh()).toMatchObject({ outcome: "unknown", cause });
    const [{ note = "" } = {}] = releases as { note?: string }[];
    expect(JSON.parse(note)).toMatchObject({ outcome: "unknown", failures: 1, lostSince: 0 });
    // As after an answer that was lost on its way: not sent again while the access token works.
    const later = world(
      { acquire: () => ({ state: "acquired", fence, stored: { ...row, note } }) },
      {
        ...change,
        usableUntil: () => 3_600_000,
      },
    );
    expect(await later.refresh()).toMatchObject({ outcome: "unknown", wait: 3_600_000 });
    expect(later.requests()).toBe(0);
  });

  it("belong to nobody where the session was deleted meanwhile", async () => {
    const { refresh, orphans } = world({ commit: () => "gone", read: () => newer });
    expect(await refresh()).toEqual({ outcome: "ended", reason: "gone" });
    expect(orphans).toMatchObject([{ fence, tokens: { accessToken: "new" } }]);
  });

  it("give way to those of a later fence, and to nothing else", async () => {
    const overtaken = world({ commit: () => "superseded", read: () => newer });
    expect(await overtaken.refresh()).toMatchObject({ outcome: "refreshed", session: { fence: 2 } });
    expect(overtaken.orphans).toEqual([]);
    const lost = world({ commit: () => "superseded" });
    expect(await lost.refresh()).toEqual({ outcome: "ended", reason: "gone" });
    expect(lost.orphans).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it("ends the session, whatever pause stands there, and says why", async () => {
    const ends: unknown[] = [];
    const end: RecordStore["end"] = (...all) => {
      ends.push(all);
      return "committed";
    };
    const { refresh, waits } = world({ end, read: () => ({ ...row, pause: 5_000 }) }, says(refused));
    expect(await refresh()).toEqual({ outcome: "ended", reason: "refused", cause: refused });
    expect([ends, waits]).toEqual([[["key", fence, 77]], []]);
  });

  it("waits for whoever began before, until its intent has ended", async () => {
    const others = { ...row, intents: [{ fence: 2, remaining: 1 }] };
    const made = world({ end: () => "committed", read: () => others }, says(refused));
    expect(await made.refresh()).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(made.waits.slice(0, 7)).toEqual([25, 50, 100, 200, 400, 500, 500]);
    expect(made.releases).toEqual([]);
    const exact = world(
      { end: () => "committed", read: () => others },
      { ...says(refused), timing: { ...defaultTiming, intent: 775 } },
    );
    await exact.refresh();
    expect(exact.waits).toEqual([25, 50, 100, 200, 400]);
  });

  it("lets whoever took over decide, also beside one that began before", async () => {
    const own = { fence, remaining: 1 };
    const both = { ...row, intents: [{ fence: 2, remaining: 1 }, own, { fence: 4, remaining: 1 }] };
    const later = { ...row, intents: [own, { fence: 4, remaining: 1 }] };
    const made = world(
      { end: () => "committed", read: inTurn(both, later, { ...row, intents: [own] }) },
      says(refused),
    );
    expect(await made.refresh()).toMatchObject({ outcome: "ended", reason: "refused" });
    expect([made.waits, made.releases.length]).toEqual([[25, 50], 2]);
  });

  it("is not believed where a better answer stands, and changes nothing where the session is gone", async () => {
    const better = world({ read: () => newer }, says(refused));
    expect(await better.refresh()).toMatchObject({ outcome: "refreshed", session: { fence: 2 } });
    expect(better.releases).toHaveLength(1);
    const overtaken = world({ end: () => "superseded", read: inTurn(row, newer) }, says(refused));
    expect(await overtaken.refresh()).toMatchObject({ outcome: "refreshed", session: { fence: 2 } });
    const gone = world({ end: () => "gone" }, says(refused));
    expect(await gone.refresh()).toEqual({ outcome: "ended", reason: "gone", cause: refused });
  });
});

describe("a failure", () => {
  it("of any kind keeps the session, and tells the others how long to wait", async () => {
    const cause = new Error("not one of ours");
    const { refresh, releases } = world({}, says(cause));
    expect(await refresh()).toEqual({ outcome: "unavailable", wait: 1_000, cause });
    expect(releases).toEqual([{ pause: 1_000, note: expect.stringContaining('"failures":1') }]);
    const [{ note }] = releases as [{ note: string }];
    const again = world({ acquire: () => ({ state: "acquired", fence, stored: { ...row, note } }) }, says(cause));
    expect(await again.refresh()).toEqual({ outcome: "unavailable", wait: 2_000, cause });
  });

  it("does not count where another worker has settled it meanwhile", async () => {
    const { refresh, releases } = world({ read: () => newer }, says(new Error("away")));
    expect(await refresh()).toMatchObject({ outcome: "refreshed", session: { fence: 2 } });
    expect(releases).toEqual([undefined]);
  });
});
