import type { RecordStore } from "@pixy/grants";
import { memoryStore, storeKey } from "@pixy/grants";
import { describe, expect, it, vi } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { secret, settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import type { PixyOptions } from "../settings/options.ts";
import { cookieStore } from "./cookie-store.ts";
import { createSessionFinder } from "./found-session.ts";
import type { SessionContent } from "./session.ts";
import { createSessionSeal } from "./session-seal.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

const day = 86_400_000;
const otherSecret = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";
const nobody = { session: null, renew: false, clear: false, ended: false };
const id = "A".repeat(43);

function world(make: (now: () => number) => RecordStore, change: Partial<PixyOptions<undefined>> = {}) {
  const clock = { at: moment };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const store = make(now);
  const settings = settingsWith({ store, now, onEvent: (event) => events.push(event), ...change });
  const seal = createSessionSeal(settings);
  return {
    clock,
    store,
    events,
    seal,
    find: createSessionFinder(settings, seal, createUnsavedSessions(settings)),
    /** Seals a session as a login or a refresh does. */
    async sealed(content: Partial<SessionContent<undefined>> = {}) {
      const key = await storeKey(content.id ?? id);
      return { key, ...(await seal.seal(contentWith({ createdAt: clock.at, ...content }), key)) };
    },
  };
}

const inCookie = (change?: Partial<PixyOptions<undefined>>) => world((now) => cookieStore({ now }), change);
const inMemory = () => world((now) => memoryStore({ now }));

describe("a Cookie header", () => {
  it("without a cookie of ours leads to nobody, at once", () => {
    const { find, events } = inCookie();
    for (const header of [null, "", "theme=dark", "x__Host-pixy=1"]) expect(find(header)).toEqual(nobody);
    expect(events).toEqual([]);
  });

  it("with a login's cookie only leads to nobody, and nothing is told", () => {
    const { find, events } = inCookie();
    expect(find("__Host-pixy-login-abcdefghijkl=x")).toEqual(nobody);
    expect(events).toEqual([]);
  });

  it("with a broken one is told about, and the cookie cleared", () => {
    const { find, events } = inCookie();
    expect(find("__Host-pixy=a; __Host-pixy=b")).toEqual({ ...nobody, clear: true });
    expect(events).toEqual([expect.objectContaining({ type: "cookie.rejected" })]);
  });
});

describe("a session found in its cookie", () => {
  it("is opened once; then it is at hand", async () => {
    const { find, sealed } = inCookie();
    const cookie = `__Host-pixy=${(await sealed()).sealed}`;
    const first = await find(cookie);
    expect(first).toMatchObject({ session: { id }, renew: false, clear: false });
    const again = find(cookie);
    expect(again).toEqual({ ...nobody, session: expect.objectContaining({ id }) });
    expect(again).not.toBeInstanceOf(Promise);
  });

  it("is found by a store that takes its time, too", async () => {
    const slow = world((now) => {
      const store = cookieStore({ now });
      return { ...store, read: async (key, carried) => store.read(key, carried) };
    });
    const cookie = `__Host-pixy=${(await slow.sealed()).sealed}`;
    expect(await slow.find(cookie)).toEqual({ ...nobody, session: expect.objectContaining({ id }) });
  });

  it("is cleared once it has ended, without a question to the store", async () => {
    let reads = 0;
    const { find, sealed, clock } = world((now) => {
      const store = cookieStore({ now });
      const read: RecordStore["read"] = (key, carried) => {
        reads++;
        return store.read(key, carried);
      };
      return { ...store, read };
    });
    const cookie = `__Host-pixy=${(await sealed()).sealed}`;
    clock.at += 30 * day;
    expect(find(cookie)).toEqual({ ...nobody, clear: true });
    expect(reads).toBe(0);
  });

  it.each([
    [
      { sealed: null, ended: false },
      { ...nobody, clear: true },
    ],
    [
      { sealed: "old", ended: true },
      { ...nobody, clear: true, ended: true },
    ],
    [
      { sealed: "cannot be opened", ended: false, fence: 9 },
      { ...nobody, clear: true },
    ],
  ])("is cleared where the store has %j", async (row, found) => {
    const stored = { fence: 0, pause: 0, failures: 0, intents: [], ...row };
    const carried = world((now) => ({ ...cookieStore({ now }), read: () => stored }));
    expect(await carried.find(`__Host-pixy=${(await carried.sealed()).sealed}`)).toEqual(found);
    const kept = world((now) => ({ ...memoryStore({ now }), read: () => stored }));
    expect(await kept.find(`__Host-pixy=${id}`)).toEqual(found);
  });

  it("is left alone where somebody else has sealed it, and cleared where somebody has changed it", async () => {
    const other = await inCookie({ secret: otherSecret }).sealed();
    const { find, sealed, events } = inCookie();
    const own = (await sealed()).sealed;
    const changed = own.slice(0, -9) + (own.at(-9) === "A" ? "B" : "A") + own.slice(-8);
    expect(await find(`__Host-pixy=${other.sealed}`)).toEqual(nobody);
    expect(await find(`__Host-pixy=${changed}`)).toEqual({ ...nobody, clear: true });
    expect(events.map((event) => (event.type === "cookie.rejected" ? event.reason : event))).toEqual([
      "foreign",
      "tampered",
    ]);
  });

  it("is given anew under the current secret where a previous one has sealed it", async () => {
    const old = await inCookie().sealed();
    const found = await inCookie({ secret: [otherSecret, secret] }).find(`__Host-pixy=${old.sealed}`);
    expect(found).toMatchObject({ session: { id, stale: false }, renew: true });
    expect(found.session?.sealed).not.toBe(old.sealed);
  });

  it("is given anew once a tenth of the idle time has passed, and ends when nobody comes", async () => {
    const { find, sealed, clock } = inCookie();
    const cookie = `__Host-pixy=${(await sealed()).sealed}`;
    clock.at += 3 * day;
    expect(await find(cookie)).toMatchObject({ renew: false });
    clock.at += 1;
    expect(await find(cookie)).toMatchObject({ session: { expiresAt: clock.at + 30 * day }, renew: true });
    clock.at = moment + 30 * day;
    expect(await find(cookie)).toEqual({ ...nobody, clear: true });
  });

  it("is not prolonged beyond its absolute end", async () => {
    const { find, sealed, clock } = inCookie();
    clock.at += 350 * day;
    const cookie = `__Host-pixy=${(await sealed({ createdAt: moment })).sealed}`;
    clock.at += 10 * day;
    expect(await find(cookie)).toMatchObject({ session: { expiresAt: moment + 365 * day }, renew: false });
  });

  it("gives way to its successor, and to its end", async () => {
    const { find, sealed, store } = inCookie();
    const first = await sealed();
    const cookie = `__Host-pixy=${first.sealed}`;
    const carried = { sealed: first.sealed, fence: 0 };
    await store.acquire(first.key, { lease: 1_000, intent: 1_000, carried });
    await store.commit(first.key, 1, (await sealed({ fence: 1 })).sealed, day);
    expect(await find(cookie)).toMatchObject({ session: { fence: 1 }, renew: true });
    await store.end(first.key, 2, day);
    expect(await find(cookie)).toEqual({ ...nobody, clear: true, ended: true });
    await store.delete(first.key);
    expect(await find(cookie)).toEqual({ ...nobody, clear: true });
  });
});

describe("a session found in the store", () => {
  async function loggedIn() {
    const made = inMemory();
    const { key, sealed, ttl } = await made.sealed();
    await made.store.create(key, sealed, ttl);
    return { ...made, key };
  }
  const cookie = `__Host-pixy=${id}`;

  it("is the one under the hash of its id", async () => {
    const { find } = await loggedIn();
    expect(await find(cookie)).toMatchObject({ session: { id }, renew: false, clear: false });
  });

  it("is nobody's for an id that is unknown, which is not cleared: a new login may have set the cookie since", async () => {
    const { find, store, key } = await loggedIn();
    expect(await find(`__Host-pixy=${"B".repeat(43)}`)).toEqual(nobody);
    await store.delete(key);
    expect(await find(cookie)).toEqual(nobody);
  });

  // Found in November 2026: each made-up id was remembered with the whole Cookie header that it came in.
  it("is at hand whatever ids others make up, of which none is remembered", async () => {
    const { find } = await loggedIn();
    await find(cookie);
    const digest = vi.spyOn(crypto.subtle, "digest");
    const digestsFor = async (header: string) => {
      const before = digest.mock.calls.length;
      await find(header);
      return digest.mock.calls.length - before;
    };
    try {
      expect(await digestsFor(cookie)).toBe(0);
      const madeUp = (count: number) => `__Host-pixy=${String(count).padStart(43, "B")}`;
      for (let count = 0; count < 17_000; count++) await find(madeUp(count));
      expect([await digestsFor(madeUp(16_999)), await digestsFor(cookie)]).toEqual([1, 0]);
    } finally {
      digest.mockRestore();
    }
  });

  it("is not even looked for where the cookie cannot be an id", async () => {
    const { find, events } = inMemory();
    expect(await find("__Host-pixy=short")).toEqual(nobody);
    expect(events).toEqual([{ type: "cookie.rejected", reason: "foreign" }]);
  });

  it("is told as ended where the provider has refused its token", async () => {
    const { find, store, key } = await loggedIn();
    await store.acquire(key, { lease: 1_000, intent: 1_000 });
    await store.end(key, 1, day);
    expect(await find(cookie)).toEqual({ ...nobody, clear: true, ended: true });
  });

  it("does not open under another key: a record that was moved logs nobody in", async () => {
    const { find, sealed, store } = inMemory();
    await store.create(await storeKey("B".repeat(43)), (await sealed()).sealed, day);
    expect(await find(`__Host-pixy=${"B".repeat(43)}`)).toEqual({ ...nobody, clear: true });
  });

  it("is nobody's where the record under its key is another session's", async () => {
    const { find, seal, store } = inMemory();
    const key = await storeKey("B".repeat(43));
    await store.create(key, (await seal.seal(contentWith({ id }), key)).sealed, day);
    expect(await find(`__Host-pixy=${"B".repeat(43)}`)).toEqual({ ...nobody, clear: true });
  });

  it("is told to the store as used once in a tenth of the idle time, by each process", async () => {
    const touches: number[] = [];
    const counting = (now: () => number): RecordStore => ({
      ...memoryStore({ now }),
      touch: (_key, ttl) => void touches.push(ttl),
    });
    const one = world(counting);
    const { key, sealed } = await one.sealed();
    await one.store.create(key, sealed, 365 * day);
    const visits = async (found: typeof one, ...times: number[]) => {
      for (const time of times) {
        found.clock.at = moment + time;
        expect((await found.find(cookie)).session).not.toBeNull();
      }
      return touches.splice(0);
    };
    expect(await visits(one, 0, 3 * day - 1)).toEqual([]);
    expect(await visits(one, 3 * day, 3 * day, 6 * day - 1)).toEqual([30 * day]);
    expect(await visits(one, 6 * day)).toEqual([30 * day]);
    expect(await visits(one, 350 * day)).toEqual([15 * day]);
    for (const [at, told] of [
      [3 * day - 1, []],
      [3 * day, [30 * day]],
    ] as const) {
      const another = world(counting);
      await another.store.create(key, sealed, 365 * day);
      expect(await visits(another, at)).toEqual(told);
    }
  });

  it("lives on while somebody comes, up to its absolute end", async () => {
    const { find, clock } = await loggedIn();
    for (let visit = 0; visit < 18; visit++) {
      clock.at += 20 * day;
      expect((await find(cookie)).session).not.toBeNull();
    }
    clock.at = moment + 365 * day;
    expect((await find(cookie)).session).toBeNull();
  });

  it("is neither there nor gone where the store is away", async () => {
    const { find } = world((now) => ({ ...memoryStore({ now }), read: () => Promise.reject(new Error("away")) }));
    await expect(find(cookie)).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
  });
});
