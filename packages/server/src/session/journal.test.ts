import { type Acquired, emptyRecord, type Operation, type RecordState, StoreFullError, step } from "@pixy/grants";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CarriedSession, createJournal, type Journal } from "./journal.ts";

const acquire = { lease: 15_000, intent: 30_000 };
const carried: CarriedSession = { sealed: "first", fence: 0 };
const day = 86_400_000;
const month = 30 * day;

function world(maxRecords?: number) {
  const clock = { at: 1_000_000 };
  const journal = createJournal({ now: () => clock.at, maxRecords });
  return { clock, journal, with: (value: CarriedSession = carried) => journal.carrying(value) };
}

/** Takes the lease for a session that a cookie carries. */
function fenceOf(journal: Journal, key: string, value: CarriedSession = carried): number {
  const acquired = journal.carrying(value).acquire(key, acquire) as Acquired;
  if (acquired.state !== "acquired") throw new Error(acquired.state);
  return acquired.fence;
}

describe("the journal of cookie sessions", () => {
  it("keeps nothing of a new session: its cookie says it all", () => {
    const { journal } = world();
    journal.admit();
    expect(journal.read("key", carried)).toEqual({
      ...{ sealed: "first", fence: 0, ended: false, pause: 0, note: null, intents: [] },
    });
  });

  it("gives the successor to requests with the old cookie for 60 seconds", () => {
    const { journal, clock } = world();
    const fence = fenceOf(journal, "key");
    expect(journal.carrying(carried).commit("key", fence, "second", month)).toBe("committed");
    clock.at += 59_999;
    expect(journal.read("key", carried)).toMatchObject({ sealed: "second", fence });
    clock.at += 1;
    expect(journal.read("key", carried)).toMatchObject({ sealed: "first", fence: 0 });
  });

  it("gives the successor for a day where its cookie did not reach the browser, and never after a logout", () => {
    const { journal, clock } = world();
    for (const key of ["held", "out"]) journal.carrying(carried).commit(key, fenceOf(journal, key), "second", month);
    journal.bury("out", month);
    for (const key of ["held", "out", "unknown"]) journal.hold(key);
    clock.at += day - 1;
    expect(journal.read("held", carried)).toMatchObject({ sealed: "second" });
    expect(journal.read("out", carried)).toBeNull();
    expect(journal.read("unknown", carried)).toMatchObject({ sealed: "first" });
    clock.at += 1;
    expect(journal.read("held", carried)).toMatchObject({ sealed: "first" });
  });

  it("remembers a logout and an ended login for a day", () => {
    const { journal, clock } = world();
    journal.bury("out", month);
    journal.carrying(carried).end("ended", fenceOf(journal, "ended"), month);
    clock.at += day - 1;
    expect(journal.read("out", carried)).toBeNull();
    expect(journal.read("ended", carried)).toMatchObject({ ended: true, sealed: null });
    clock.at += 1;
    expect(journal.read("out", carried)).toMatchObject({ sealed: "first" });
    expect(journal.read("ended", carried)).toMatchObject({ sealed: "first", ended: false });
  });

  it("remembers a logout no longer than it is told that a cookie of that session lives", () => {
    const { journal, clock } = world();
    journal.bury("short", 900_000);
    clock.at += 900_000 - 1;
    expect(journal.read("short", carried)).toBeNull();
    clock.at += 1;
    expect(journal.read("short", carried)).toMatchObject({ sealed: "first" });
  });

  it("hands out fences above the carried one, whoever committed it", () => {
    const { journal, clock } = world();
    const ahead = { sealed: "from a process whose clock is ahead", fence: clock.at + 5_000 };
    expect(journal.carrying(ahead).acquire("key", acquire)).toMatchObject({
      fence: ahead.fence + 1,
      stored: { sealed: ahead.sealed, fence: ahead.fence },
    });
  });

  it("prefers what the browser brings where that is newer, also to an older end", () => {
    const { journal } = world();
    const fence = fenceOf(journal, "key");
    journal.carrying(carried).end("key", fence, month);
    const newer = { sealed: "newer", fence: fence + 1 };
    expect(journal.read("key", carried)).toMatchObject({ ended: true });
    expect(journal.read("key", newer)).toMatchObject({ ended: false, ...newer });
    expect(fenceOf(journal, "key", newer)).toBeGreaterThan(newer.fence);
    // What a newer cookie carries is that cookie's: the older one is ended as before.
    expect(journal.read("key", carried)).toMatchObject({ ended: true });
  });

  it("lets one request ask at a time, and tells the others of a failure", () => {
    const { journal, clock, with: carrying } = world();
    const fence = fenceOf(journal, "key");
    expect(carrying().acquire("key", acquire)).toEqual({ state: "held", remaining: 15_000 });
    clock.at += 1_000;
    carrying().release("key", fence, { pause: 5_000, note: "2 failures" });
    expect(journal.read("key", carried)).toMatchObject({
      pause: 5_000,
      note: "2 failures",
      intents: [],
      sealed: "first",
    });
    carrying().release("unknown", fence, { pause: 5_000, note: "2 failures" });
    expect(journal.read("unknown", carried)).toMatchObject({ pause: 0, note: null });
  });

  // A worker that slept for a minute would lose tokens that nobody else has.
  it("takes a refresh that comes back after its record was forgotten: the session is in the browser", () => {
    const { journal, clock } = world();
    const fence = fenceOf(journal, "key");
    clock.at += 60_001;
    expect(journal.carrying(carried).commit("key", fence, "second", month)).toBe("committed");
    expect(journal.read("key", carried)).toMatchObject({ sealed: "second", fence });
  });

  it("takes none for a session that was buried, whatever the browser brings", () => {
    const { journal, with: carrying } = world();
    const fence = fenceOf(journal, "key");
    journal.bury("key", month);
    expect(carrying().commit("key", fence, "second", month)).toBe("gone");
    expect(carrying().end("key", fence, month)).toBe("gone");
    carrying().release("key", fence, { pause: 1_000, note: "1 failures" });
    const late = { sealed: "late", fence: fence + 9 };
    expect([journal.read("key", late), carrying(late).acquire("key", acquire)]).toEqual([null, { state: "gone" }]);
  });

  it("is one for all that have the same clock, as modules that are loaded twice do, and another for another clock", () => {
    const now = () => 1_000;
    createJournal({ now }).bury("key", month);
    expect(createJournal({ now }).read("key", carried)).toBeNull();
    expect(createJournal({ now: () => 1_000 }).read("key", carried)).not.toBeNull();
    createJournal().bury("journal.test", 60_000);
    expect(createJournal().read("journal.test", carried)).toBeNull();
  });
});

describe("a journal with as many records as it keeps", () => {
  const fates = {
    refreshed: (journal: Journal, key: string, fence: number) =>
      journal.carrying(carried).commit(key, fence, "second", month),
    paused: (journal: Journal, key: string, fence: number) =>
      journal.carrying(carried).release(key, fence, { pause: 60_000, note: "1 failures" }),
    refused: (journal: Journal, key: string, fence: number) => journal.carrying(carried).end(key, fence, month),
  };
  const isKnown = (journal: Journal, key: string) => {
    const stored = journal.read(key, carried);
    return stored?.sealed !== "first" || stored.note !== null;
  };

  it("lets the successor, the pause and the refused session go that would go next, each for one of its own kind", () => {
    const { journal, clock } = world(2);
    for (const [name, fate] of Object.entries(fates)) {
      for (const number of [1, 2, 3]) {
        fate(journal, `${name} ${number}`, fenceOf(journal, `${name} ${number}`));
        clock.at++;
      }
    }
    for (const name of Object.keys(fates)) {
      expect([1, 2, 3].filter((number) => isKnown(journal, `${name} ${number}`))).toEqual([2, 3]);
    }
  });

  it("drops none whose token request is on its way, and no more than it keeps once those have reported back", () => {
    const { journal, clock } = world(2);
    const keys = ["a", "b", "c", "d", "e", "f"];
    const newer = { sealed: "newer", fence: 2_000_000 };
    // Refused here, and refreshed elsewhere since: a newer cookie asks again.
    for (const key of keys) {
      journal.carrying(carried).end(key, fenceOf(journal, key), month);
      fenceOf(journal, key, newer);
    }
    expect(keys.filter((key) => journal.read(key, newer)?.intents.length)).toEqual(keys);
    clock.at += 30_000;
    journal.carrying(carried).end("last", fenceOf(journal, "last"), month);
    expect([...keys, "last"].filter((key) => isKnown(journal, key))).toHaveLength(2);
  });

  it("buries as many as are logged out, and takes new logins again as those are forgotten", () => {
    const { journal, clock } = world(2);
    for (const key of ["a", "b", "c", "d"]) {
      journal.bury(key, 60_000);
      clock.at += 1_000;
    }
    expect(["a", "b", "c", "d"].map((key) => journal.read(key, carried))).toEqual([null, null, null, null]);
    expect(() => journal.admit()).toThrow(StoreFullError);
    clock.at += 57_999;
    expect(() => journal.admit()).toThrow(StoreFullError);
    clock.at += 1;
    journal.admit();
  });
});

/** Any operation with a cookie of any age; a write takes its fence from those that were handed out. */
const operations = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 40_000 })),
    name: fc.constantFrom("read", "acquire", "acquire", "commit", "commit", "end", "release", "bury"),
    which: fc.nat(9),
    cookie: fc.nat(9),
    text: fc.constantFrom("a", "b", "c"),
  }),
  { maxLength: 40 },
);

describe("what was noted of failures", () => {
  it("ends, and its pause, for a cookie that another process has refreshed since", () => {
    const { journal } = world();
    const store = journal.carrying(carried);
    const acquired = store.acquire("key", acquire) as { fence: number };
    store.release("key", acquired.fence, { pause: 60_000, note: "refused" });
    expect(journal.read("key", carried)).toMatchObject({ pause: 60_000, note: "refused" });
    const newer = { sealed: "of another process", fence: carried.fence + 1 };
    expect(journal.read("key", newer)).toMatchObject({ ...newer, pause: 0, note: null });
    expect(journal.read("key", carried)).toMatchObject({ pause: 60_000, note: "refused" });
  });
});

describe("whatever happens", () => {
  /** Takes the operations, and lets `look` see each answer beside the moment. */
  function play(
    list: readonly { wait: number; name: string; which: number; cookie: number; text: string }[],
    look: (step: {
      at: number;
      name: string;
      answer: unknown;
      fence: number;
      carried: CarriedSession;
      journal: Journal;
      cookies: readonly CarriedSession[];
    }) => void,
  ): void {
    const { journal, clock } = world();
    const cookies: CarriedSession[] = [carried];
    const fences: number[] = [];
    for (const { wait, name, which, cookie, text } of list) {
      clock.at += wait;
      const brought = cookies[cookie % cookies.length] ?? carried;
      const fence = fences[which % Math.max(1, fences.length)] ?? clock.at;
      const store = journal.carrying(brought);
      let answer: unknown = null;
      if (name === "read") answer = journal.read("key", brought);
      if (name === "acquire") answer = store.acquire("key", acquire);
      if (name === "commit") answer = store.commit("key", fence, `${text} ${fence}`, 20_000_000);
      if (name === "end") answer = store.end("key", fence, 20_000_000);
      if (name === "release") store.release("key", fence, { pause: 10, note: "1 failures" });
      if (name === "bury") journal.bury("key", day);
      if (name === "acquire" && (answer as Acquired).state === "acquired")
        fences.push((answer as { fence: number }).fence);
      if (name === "commit" && answer === "committed") cookies.push({ sealed: `${text} ${fence}`, fence });
      look({ at: clock.at, name, answer, fence, carried: brought, journal, cookies });
    }
  }

  it("a fence is higher than any before it, and than what its holder carries", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let highest = 0;
        play(list, ({ name, answer, carried: brought, cookies }) => {
          const acquired = answer as Acquired;
          if (name !== "acquire" || acquired.state !== "acquired") return;
          expect(acquired.fence).toBeGreaterThan(highest);
          for (const cookie of [...cookies, brought]) expect(acquired.fence).toBeGreaterThan(cookie.fence);
          highest = acquired.fence;
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("a buried session never comes back while one of its cookies may come, from any cookie", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let buried = false;
        play(list, ({ name, answer, journal, cookies }) => {
          if (name === "bury") buried = true;
          else if (!buried) return;
          else if (name === "acquire") expect(answer).toEqual({ state: "gone" });
          else if (name === "commit" || name === "end") expect(answer).toBe("gone");
          const forged = { sealed: "of a process that knows nothing of it", fence: Number.MAX_SAFE_INTEGER - 1 };
          for (const cookie of [...cookies, forged]) expect(journal.read("key", cookie)).toBeNull();
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("what is read is never older than what the cookie carries, nor than what is remembered", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let newest = { fence: 0, until: 0 };
        let buried = false;
        play(list, ({ at, name, answer, fence, journal, cookies }) => {
          buried ||= name === "bury";
          if (name === "commit" && answer === "committed" && fence > newest.fence)
            newest = { fence, until: at + 60_000 };
          if (name === "end" && answer === "committed" && fence > newest.fence) newest = { fence, until: at + day };
          if (buried) return;
          for (const cookie of cookies) {
            const found = journal.read("key", cookie)?.fence ?? -1;
            expect(found).toBeGreaterThanOrEqual(cookie.fence);
            if (newest.until > at) expect(found).toBeGreaterThanOrEqual(newest.fence);
          }
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a store's step, but for what it adopts, for a write into a forgotten record, for how long it keeps a note, and for whom", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let record: RecordState | null = null;
        play(list, ({ at, name, answer, fence, carried: brought }) => {
          const kept: RecordState | null = record !== null && record.expiresAt > at ? record : null;
          if (name === "bury") {
            record = { ...emptyRecord, deleted: true, expiresAt: at + day };
            return;
          }
          // The first two differences: what the cookie carries stands in for what is unknown or older, and a write finds an
          // empty record where there is none.
          const isUnknown = kept === null || (kept.sealed === null && !kept.ended) || brought.fence > kept.fence;
          const base = kept ?? { ...emptyRecord, expiresAt: at + 1 };
          const issued = Math.max(base.issued, brought.fence);
          const isAdopted = !base.deleted && isUnknown && (name === "read" || name === "acquire");
          // The fourth: a note and its pause belong to the cookie that they were written for, and to older ones.
          const space = base.note?.indexOf(" ") ?? 0;
          const isHealed = base.note !== null && brought.fence > Number(base.note.slice(0, space));
          const seen: RecordState = isHealed
            ? { ...base, note: null, pauseUntil: 0 }
            : { ...base, note: base.note?.slice(space + 1) ?? null };
          const isLook = name === "read" || name === "acquire";
          const adopted: RecordState = isAdopted ? { ...seen, ...brought, issued, ended: false } : seen;
          const before: RecordState = isLook ? adopted : base;
          const text = typeof answer === "string" && name === "commit" ? "written" : "";
          const operation = operationOf(name, fence, text, `${brought.fence} 1 failures`);
          if (name === "release" && kept === null) {
            record = null;
            return;
          }
          const [after, expected] = step(before, operation, at);
          if (name === "read" || name === "acquire") expect(withoutText(answer)).toEqual(withoutText(expected));
          else if (name !== "release") expect([expected, "superseded"]).toContain(answer);
          if (name === "read") return;
          if (name === "acquire" && isAdopted && after !== null)
            record = {
              ...after,
              ...{
                sealed: base.sealed,
                fence: base.fence,
                ended: base.ended,
                note: base.note,
                pauseUntil: base.pauseUntil,
              },
            };
          else if (name === "acquire" && after !== null)
            record = { ...after, note: base.note, pauseUntil: base.pauseUntil };
          // The third: what was noted of failures outlives its pause.
          else if (name === "release" && after?.note)
            record = { ...after, expiresAt: Math.max(after.expiresAt, at + day) };
          else record = after;
        });
      }),
      { numRuns: 2_000 },
    );
  });
});

function operationOf(name: string, fence: number, text: string, note: string): Operation {
  if (name === "acquire") return ["acquire", acquire];
  if (name === "commit") return ["commit", fence, text, 60_000];
  if (name === "end") return ["end", fence, 20_000_000];
  if (name === "release") return ["release", fence, { pause: 10, note }];
  return ["read"];
}

/** Which text was committed makes no difference to the order of fences. */
function withoutText(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value) => (key === "sealed" && value !== null ? "sealed" : value)));
}
