import { memoryStore, type RecordStore, storeKey } from "@pixy/grants";
import { describe, expect, it, vi } from "vitest";
import { moment } from "../../test/content.ts";
import {
  describeOwnGrants,
  describeSessions,
  type MakeSessions,
  nobody,
  type SessionsWorld,
  sessionsWorld,
  stranger,
} from "../../test/describe-sessions.ts";
import { createStoredSessions } from "./stored-sessions.ts";

const day = 86_400_000;
const hour = 3_600_000;
const id = "A".repeat(43);
const other = "B".repeat(43);
const cookie = `__Host-pixy=${id}`;
const away = () => Promise.reject(new Error("away"));

const make: MakeSessions = (settings, now) => createStoredSessions(settings, memoryStore({ now }));
describeSessions("in a store", make);
describeOwnGrants("in a store", make);

/** The sessions of one app in a store of its own, with some steps of it changed. */
function world(change: (store: RecordStore) => Partial<RecordStore> = () => ({})) {
  const kept: { store: RecordStore } = { store: memoryStore() };
  const made = sessionsWorld((settings, now) => {
    const store = memoryStore({ now });
    kept.store = { ...store, ...change(store) };
    return createStoredSessions(settings, kept.store);
  });
  return { ...made, store: kept.store };
}

describe("a session in a store", () => {
  it("is an id in the cookie, which lives until the absolute end", async () => {
    const { sessions, logIn } = world();
    const made = await logIn();
    expect(made.cookie).toBe(cookie);
    expect(sessions.issue(made.session)).toEqual({
      ...{ key: await storeKey(id), value: id, endsAt: moment + 365 * day },
    });
    expect(sessions.refreshNeedsCookie).toBe(false);
  });

  it("is nobody's for an id that is unknown, which is not cleared: a new login may have set the cookie since", async () => {
    const { sessions, logIn } = world();
    const { session } = await logIn();
    expect(await sessions.find(`__Host-pixy=${other}`)).toEqual(stranger);
    await sessions.delete(session);
    expect(await sessions.find(cookie)).toEqual(stranger);
  });

  // Found in November 2026: each made-up id was remembered with the whole Cookie header that it came in.
  it("is at hand whatever ids others make up, of which none is remembered", async () => {
    const { sessions, logIn } = world();
    await logIn();
    await sessions.find(cookie);
    const digest = vi.spyOn(crypto.subtle, "digest");
    const digestsFor = async (header: string) => {
      const before = digest.mock.calls.length;
      await sessions.find(header);
      return digest.mock.calls.length - before;
    };
    try {
      expect(await digestsFor(cookie)).toBe(0);
      const madeUp = (count: number) => `__Host-pixy=${String(count).padStart(43, "B")}`;
      for (let count = 0; count < 17_000; count++) await sessions.find(madeUp(count));
      expect([await digestsFor(madeUp(16_999)), await digestsFor(cookie)]).toEqual([1, 0]);
    } finally {
      digest.mockRestore();
    }
  });

  it("is found at once, without a promise, where the store has its record at hand", async () => {
    const { sessions, logIn } = world();
    const { session } = await logIn();
    await sessions.find(cookie);
    expect(sessions.find(cookie)).toMatchObject({ session, reauthNeeded: false });
  });

  it("is not even looked for where the cookie cannot be an id", async () => {
    const { sessions, events } = world(() => ({ read: () => expect.unreachable() }));
    expect(await sessions.find("__Host-pixy=short")).toEqual(stranger);
    expect(events).toEqual([{ type: "cookie.rejected", reason: "foreign" }]);
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
    [{ sealed: "cannot be opened", ended: false, fence: 9 }, stranger],
  ])("is cleared, or left alone where it cannot be read, where the store has %j", async (row, found) => {
    const { sessions } = world(() => ({ read: () => ({ fence: 0, pause: 0, note: null, intents: [], ...row }) }));
    expect(await sessions.find(cookie)).toEqual(found);
  });

  it("does not open under another key: a record that was moved logs nobody in", async () => {
    const { sessions, store, logIn } = world();
    const { session } = await logIn();
    await store.create(await storeKey(other), session.sealed, day);
    expect(await sessions.find(`__Host-pixy=${other}`)).toEqual(stranger);
  });

  it("is nobody's where the record under its key is another session's", async () => {
    const { sessions, logIn } = world((store) => ({ read: async () => store.read(await storeKey(id)) }));
    await logIn();
    expect(await sessions.find(`__Host-pixy=${other}`)).toEqual(stranger);
    expect((await sessions.find(cookie)).session).not.toBeNull();
  });

  it("is told to the store as used once in a tenth of the idle time, by each process", async () => {
    const touches: number[] = [];
    const counting = () => world(() => ({ touch: (_key, ttl) => void touches.push(ttl) }));
    const one = counting();
    const { session } = await one.logIn();
    const keep = (made: typeof one) => made.store.replace(session.key, session.sealed, 365 * day);
    await keep(one);
    const visits = async (made: SessionsWorld, ...times: number[]) => {
      for (const time of times) {
        made.clock.at = moment + time;
        expect((await made.sessions.find(cookie)).session).not.toBeNull();
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
      const another = counting();
      await keep(another);
      expect(await visits(another, at)).toEqual(told);
    }
  });

  it("is the refreshed one for this process where the store could not take it, and saved as soon as it can", async () => {
    const state = { isAway: false };
    const { sessions, logIn, clock, store } = world((good) => ({
      commit: (...given) => (state.isAway ? away() : good.commit(...given)),
    }));
    const { session } = await logIn();
    clock.at += hour;
    state.isAway = true;
    expect(await sessions.refresh(session)).toMatchObject({ session: { tokens: { accessToken: "newer" } } });
    expect((await sessions.find(cookie)).session).toMatchObject({ tokens: { accessToken: "newer" } });
    expect(await store.read(session.key)).toMatchObject({ fence: 0 });
    state.isAway = false;
    await expect.poll(async () => (await store.read(session.key))?.fence).toBeGreaterThan(0);
  });

  it("is neither there nor gone where the store is away", async () => {
    const { session } = await world().logIn();
    const { sessions, logIn } = world(() => ({ read: away, create: away, delete: away }));
    const unavailable = { code: "store_unavailable", status: 503 };
    await expect(sessions.find(cookie)).rejects.toMatchObject(unavailable);
    await expect(logIn()).rejects.toMatchObject(unavailable);
    await expect(sessions.delete(session)).rejects.toMatchObject(unavailable);
  });

  it("is the newest whatever happened meanwhile: its cookie is only an id", async () => {
    const { sessions, logIn } = world();
    const { session } = await logIn();
    await sessions.delete(session);
    expect(sessions.isNewest(session)).toBe(true);
  });
});
