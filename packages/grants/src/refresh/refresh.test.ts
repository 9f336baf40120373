import { TokenRequestError, type Tokens } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { tokensWith } from "../../test/tokens.ts";
import { memoryStore } from "../record/memory-store.ts";
import type { RecordStore, StoredRecord } from "../record/record-store.ts";
import { refreshSession } from "./refresh.ts";
import { defaultTiming, type Refreshable, type RefreshWorld } from "./refresh-world.ts";

// refresh.model.test.ts explores how workers interleave; here each step meets one answer of its store.
const seen: Refreshable = { key: "key", fence: 0, tokens: tokensWith() };
const fence = 3;
const row: StoredRecord = { fence: 0, sealed: "old", ended: false, pause: 0, note: null, intents: [] };
const newer: StoredRecord = { ...row, fence: 2, sealed: "newer" };
const refused = new TokenRequestError("The provider says no.", {
  ...{ code: "token_request_refused", outcome: "ended", hint: "Log in again.", error: "invalid_grant" },
} as ConstructorParameters<typeof TokenRequestError>[1]);

function world(store: Partial<RecordStore>, change: Partial<RefreshWorld<Refreshable>> = {}) {
  const clock = { at: 0 };
  const waits: number[] = [];
  const releases: unknown[] = [];
  const orphans: Refreshable[] = [];
  let requests = 0;
  const made: RefreshWorld<Refreshable> = {
    timing: defaultTiming,
    rules: { rotation: "rotating", retryUnknown: false },
    now: () => clock.at,
    usableUntil: () => 0,
    tombstone: 77,
    elapsed: () => clock.at,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      clock.at += milliseconds;
    },
    random: () => 1,
    open: (stored) => ({ ...seen, fence: stored.fence }),
    request: async () => tokensWith({ accessToken: "new" }),
    renew: async (session, tokens, fence) => ({ session: { ...session, tokens, fence }, sealed: "new", ttl: 1 }),
    onCommitFailed: () => expect.unreachable(),
    onOrphaned: (session) => void orphans.push(session),
    ...change,
    store: {
      ...memoryStore({ now: () => clock.at }),
      acquire: () => ({ state: "acquired", fence, stored: row }),
      read: () => row,
      commit: () => "committed",
      release: (_key, _fence, release) => void releases.push(release),
      ...store,
    },
  };
  const request = async (session: Refreshable): Promise<Tokens> => {
    requests++;
    return made.request(session);
  };
  return {
    ...{ clock, waits, releases, orphans },
    requests: () => requests,
    refresh: () => refreshSession({ ...made, request }, seen),
  };
}

/** Answers in turn; the last one stays. */
function inTurn<Answer>(...answers: Answer[]): () => Answer {
  return () => (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
}

const says = (cause: unknown) => ({ request: () => Promise.reject(cause) });

describe("the lease", () => {
  it("of a session that is gone is not to be had", async () => {
    const { refresh, requests } = world({ acquire: () => ({ state: "gone" }) });
    expect(await refresh()).toEqual({ outcome: "ended", reason: "gone" });
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

  it("has to last for the request and two seconds more; else it is given back and asked for anew", async () => {
    const slowly = (...steps: number[]) => {
      const made = world({
        acquire: () => {
          made.clock.at += steps.length > 1 ? (steps.shift() ?? 0) : (steps[0] ?? 0);
          return { state: "acquired", fence, stored: row };
        },
      });
      return made;
    };
    const inTime = slowly(3_000);
    expect(await inTime.refresh()).toMatchObject({ outcome: "refreshed" });
    expect([inTime.clock.at, inTime.releases.length]).toEqual([3_000, 0]);
    const late = slowly(3_001, 0);
    expect(await late.refresh()).toMatchObject({ outcome: "refreshed" });
    expect([late.requests(), late.releases.length]).toEqual([1, 1]);
    const always = slowly(4_000);
    expect(await always.refresh()).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect([always.clock.at, always.requests(), always.releases.length]).toEqual([16_000, 0, 4]);
  });
});

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
