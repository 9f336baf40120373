import { describe, expect, it } from "vitest";
import { fence, inTurn, newer, refused, row, says, world } from "../../test/refresh-steps.ts";
import { tokensWith } from "../../test/tokens.ts";
import type { CommitResult, RecordStore } from "../record/record-store.ts";
import { SessionTooLargeError } from "../sealing/too-large.ts";
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

  it("that are too large end the session where those before are used up", async () => {
    const cause = new SessionTooLargeError("Too large.", "Return less.");
    const { refresh } = world(
      { end: () => "committed" },
      {
        renew: () => Promise.reject(cause),
        request: async () => tokensWith({ accessToken: "new", refreshToken: "rotated" }),
      },
    );
    expect(await refresh()).toEqual({ outcome: "ended", reason: "too large", cause });
  });

  it("that the store cannot take are used, and kept until it can", async () => {
    const away = new Error("away");
    const answers = inTurn<() => CommitResult>(
      () => {
        throw away;
      },
      () => "committed",
    );
    const failed: unknown[] = [];
    const { refresh } = world(
      { commit: () => answers()() },
      { onCommitFailed: (session, error, saved) => void failed.push(session, error, saved) },
    );
    const outcome = await refresh();
    expect(outcome).toMatchObject({ outcome: "refreshed", session: { fence, tokens: { accessToken: "new" } } });
    const [session, error, saved] = failed;
    expect([session, error, await saved]).toEqual([outcome.outcome === "refreshed" && outcome.session, away, true]);
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
    const deleted = world({ commit: () => "superseded", read: () => null });
    expect(await deleted.refresh()).toEqual({ outcome: "ended", reason: "gone" });
    expect(deleted.orphans).toHaveLength(1);
    const ended = world({ commit: () => "superseded", read: () => ({ ...row, ended: true }) });
    expect(await ended.refresh()).toEqual({ outcome: "ended", reason: "refused" });
    expect(ended.orphans).toEqual([]);
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

  it("says nothing of what was put in its place, where keys come back", async () => {
    const isReplaced = (sealed: string) => sealed === "newer";
    const other = { ...row, sealed: "newer" };
    const replaced = world({ end: () => "gone", read: inTurn(row, other) }, { ...says(refused), isReplaced });
    expect(await replaced.refresh()).toMatchObject({ outcome: "refreshed" });
    const same = world({ end: () => "committed", read: inTurn(row, null) }, { ...says(refused), isReplaced });
    expect(await same.refresh()).toEqual({ outcome: "ended", reason: "refused", cause: refused });
  });

  it("ends nothing while the store is away", async () => {
    const away = new Error("away");
    const { refresh, releases } = world({ read: () => Promise.reject(away) }, says(refused));
    expect(await refresh()).toEqual({ outcome: "unavailable", wait: 1_000, cause: away });
    expect(releases).toHaveLength(1);
  });
});

describe("a failure", () => {
  it("of any kind keeps the session, and tells the others how long to wait", async () => {
    const cause = new Error("not one of ours");
    const { refresh, releases, clock } = world({ read: () => ({ ...row, pause: 5_000 }) }, says(cause));
    clock.at = 60_000;
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
