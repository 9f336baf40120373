import { describe, expect, it } from "vitest";
import { tokensWith } from "../../test/tokens.ts";
import { createUnsaved } from "./unsaved.ts";

const session = { key: "key", fence: 2, tokens: tokensWith() };

describe("what the store could not take", () => {
  it("is kept until it is saved, for who finds something older", async () => {
    const unsaved = createUnsaved();
    let finish: (isSaved: boolean) => void = () => {};
    const saved = new Promise<boolean>((resolve) => {
      finish = resolve;
    });
    const kept = unsaved.keep(session, 1_000, () => "committed", saved);
    expect([unsaved.newerThan("key", 1), unsaved.newerThan("key", 2), unsaved.newerThan("other", 0)]).toEqual([
      session,
      null,
      null,
    ]);
    finish(true);
    await kept;
    expect(unsaved.newerThan("key", 1)).toBeNull();
  });

  it("that was given up is saved by the next who asks, once", async () => {
    const unsaved = createUnsaved();
    const state = { isAway: true, saves: 0 };
    const save = () => {
      if (state.isAway) throw new Error("away");
      state.saves++;
      return "committed" as const;
    };
    await unsaved.keep(session, 1_000, save, Promise.resolve(false));
    expect(await unsaved.newerThan("key", 1)).toBe(session);
    state.isAway = false;
    expect(await unsaved.newerThan("key", 1)).toBe(session);
    expect([state.saves, unsaved.newerThan("key", 1)]).toEqual([1, null]);
  });

  it("outlives an older one that is saved meanwhile", async () => {
    const unsaved = createUnsaved();
    let finish: (isSaved: boolean) => void = () => {};
    const older = unsaved.keep(session, 1_000, () => "committed", new Promise((resolve) => (finish = resolve)));
    const newer = { ...session, fence: 3 };
    void unsaved.keep(newer, 1_000, () => "committed", new Promise(() => {}));
    finish(true);
    await older;
    expect(unsaved.newerThan("key", 1)).toBe(newer);
  });

  it("is forgotten on request", async () => {
    const unsaved = createUnsaved();
    await unsaved.keep(session, 1_000, () => "committed", Promise.resolve(false));
    unsaved.forget("key");
    expect(unsaved.newerThan("key", 1)).toBeNull();
  });
});
