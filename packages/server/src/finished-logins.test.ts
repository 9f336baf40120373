import { spotify } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { createFinishedLogins, type FinishedLogins } from "./finished-logins.ts";
import { readOptions } from "./options.ts";
import type { PendingLogin } from "./pending-login.ts";
import { processState } from "./process-state.ts";

const secret = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";

function finishedLogins(name: string): { finished: FinishedLogins<number>; clock: { at: number; reads: number } } {
  // Later than anything that another test left in this process.
  const clock = { at: 5_000_000_000_000, reads: 0 };
  const now = () => {
    clock.reads++;
    return clock.at;
  };
  const settings = readOptions({ provider: spotify, clientId: "c", baseUrl: "https://app.example", secret, name, now });
  return { finished: createFinishedLogins(settings), clock };
}

function login(state: string): PendingLogin {
  return { state, verifier: "v", clientId: "c", scope: [], returnTo: `/${state}`, startedAt: 0 };
}

describe("finished logins", () => {
  it("A18 gives the twin of a callback the first one's result, for a minute", async () => {
    const { finished, clock } = finishedLogins("twins");
    let exchanges = 0;
    const exchange = async () => ++exchanges;
    expect(await Promise.all([finished.once(login("a"), exchange), finished.once(login("a"), exchange)])).toEqual([
      1, 1,
    ]);
    expect(await finished.returnTo("a")).toBe("/a");
    clock.at += 60_000;
    expect(await finished.returnTo("a")).toBeNull();
    expect(await finished.once(login("a"), exchange)).toBe(2);
  });

  it("keeps nothing for longer than that", async () => {
    const { finished, clock } = finishedLogins("forgetful");
    const entries = processState("finished-logins", () => new Map());
    entries.clear();
    await finished.once(login("a"), async () => 1);
    expect(entries.size).toBe(1);
    clock.at += 60_000;
    await finished.once(login("b"), async () => 2);
    expect(entries.size).toBe(1);
    expect(await finished.returnTo("unknown")).toBeNull();
  });

  it("lets a login be finished again that was forgotten", async () => {
    const { finished } = finishedLogins("forgotten");
    await finished.once(login("a"), async () => 1);
    await finished.forget("a");
    expect(await finished.once(login("a"), async () => 2)).toBe(2);
  });

  // Found by a long fuzz run: each callback looked at all of the last minute's, and a flood of them at its square.
  it("does as much for a callback after thousands as for the first", async () => {
    const { finished, clock } = finishedLogins("flood");
    const readsFor = async (state: string) => {
      const before = clock.reads;
      await finished.once(login(state), async () => 1);
      return clock.reads - before;
    };
    const first = await readsFor("first");
    for (let count = 0; count < 3_000; count++) await readsFor(`other-${count}`);
    expect(await readsFor("last")).toBeLessThanOrEqual(first + 1);
  });
});
