import { memoryStore, type RecordStore, storeKey } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import { createSessionSeal } from "./session-seal.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

const key = await storeKey(contentWith().id);

/** A save that ends when the test says so. */
function saving(): { readonly saved: Promise<boolean>; readonly finish: (isSaved: boolean) => void } {
  let finish: (isSaved: boolean) => void = () => {};
  const saved = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  return { saved, finish };
}

async function world() {
  const clock = { at: moment };
  const now = () => clock.at;
  const working = memoryStore({ now });
  const state = { isAway: false };
  const lifetimes: number[] = [];
  const settings = settingsWith({ now });
  const store: RecordStore = {
    ...working,
    commit(...given) {
      if (state.isAway) throw new Error("away");
      lifetimes.push(given[3]);
      return working.commit(...given);
    },
  };
  const seal = createSessionSeal(settings, {
    ...{ purpose: "record", bindsKey: true, expiresAt: ({ createdAt }) => createdAt + settings.absolute },
  });
  const { sealed, ttl } = await seal.seal(contentWith(), key);
  await working.create(key, sealed, ttl);
  return {
    clock,
    state,
    lifetimes,
    store: working,
    unsaved: createUnsavedSessions(settings, store),
    /** The session as the next refresh has made it, whose lease has ended meanwhile. */
    async refreshed() {
      clock.at += 30_000;
      const acquired = await working.acquire(key, { lease: 15_000, intent: 30_000 });
      if (acquired.state !== "acquired") throw new Error(acquired.state);
      return (await seal.seal(contentWith({ fence: acquired.fence }), key)).session;
    },
  };
}

describe("a session that the store could not take", () => {
  it("is kept for this process until it is saved", async () => {
    const { unsaved, refreshed } = await world();
    const session = await refreshed();
    const { saved, finish } = saving();
    const kept = unsaved.keep(session, saved);
    expect(unsaved.newerThan(key, 0)).toBe(session);
    finish(true);
    await kept;
    expect(unsaved.newerThan(key, 0)).toBeNull();
  });

  it("gives way to what the store holds once that is as new", async () => {
    const { unsaved, refreshed } = await world();
    const session = await refreshed();
    void unsaved.keep(session, new Promise(() => {}));
    expect(unsaved.newerThan(key, session.fence - 1)).toBe(session);
    expect(unsaved.newerThan(key, session.fence)).toBeNull();
    expect(unsaved.newerThan("another", 0)).toBeNull();
  });

  it("is saved by the next request after the saving was given up", async () => {
    const { unsaved, refreshed, store, state } = await world();
    const session = await refreshed();
    state.isAway = true;
    await unsaved.keep(session, Promise.resolve(false));
    expect(await unsaved.newerThan(key, 0)).toBe(session);
    expect(await store.read(key)).toMatchObject({ fence: 0 });
    state.isAway = false;
    expect(await unsaved.newerThan(key, 0)).toBe(session);
    expect(await store.read(key)).toMatchObject({ fence: session.fence, sealed: session.sealed });
    expect(unsaved.newerThan(key, 0)).toBeNull();
  });

  it("is not dropped because an older one was saved", async () => {
    const { unsaved, refreshed } = await world();
    const { saved, finish } = saving();
    const first = await refreshed();
    const older = unsaved.keep(first, saved);
    const newer = await refreshed();
    void unsaved.keep(newer, new Promise(() => {}));
    finish(true);
    await older;
    expect(unsaved.newerThan(key, first.fence)).toBe(newer);
  });

  it("is forgotten at a logout, and not brought back by a late save", async () => {
    const { unsaved, refreshed, store } = await world();
    await unsaved.keep(await refreshed(), Promise.resolve(false));
    unsaved.forget(key);
    await store.delete(key);
    expect(unsaved.newerThan(key, 0)).toBeNull();
    expect(await store.read(key)).toBeNull();
  });

  it("is saved for the rest of its life, not for the whole idle time", async () => {
    const { unsaved, refreshed, lifetimes, clock } = await world();
    const session = await refreshed();
    await unsaved.keep(session, Promise.resolve(false));
    await unsaved.newerThan(key, 0);
    const old = { ...session, createdAt: clock.at - 364 * 86_400_000 };
    await unsaved.keep(old, Promise.resolve(false));
    await unsaved.newerThan(key, 0);
    expect(lifetimes).toEqual([30 * 86_400_000, 86_400_000]);
  });
});
