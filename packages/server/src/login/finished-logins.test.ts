import type { Recent } from "@pixy/grants";
import { processState } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { remembered } from "../../test/content.ts";
import { returnPath, settingsWith } from "../../test/settings.ts";
import type { IssuedSession } from "../session/session.ts";
import type { Attempt } from "./attempt.ts";
import { createFinishedLogins, type FinishedLogins } from "./finished-logins.ts";

type Results = Record<"running" | "succeeded" | "failed", Recent<unknown>>;

function finishedLogins(name: string): {
  finished: FinishedLogins;
  clock: { at: number; reads: number };
  all: Results;
} {
  // Later than anything that another test left in this process.
  const clock = { at: 5_000_000_000_000, reads: 0 };
  const now = () => {
    clock.reads++;
    return clock.at;
  };
  const finished = createFinishedLogins(settingsWith({ name, now }));
  const all = processState<Results>("finished-logins", () => expect.unreachable());
  return { finished, clock, all };
}

function attempt(state: string): Attempt {
  return {
    state,
    verifier: "v",
    clientId: "c",
    scope: [],
    returnTo: returnPath(`/${encodeURIComponent(state)}`),
    extra: {},
    owner: null,
    startedAt: 0,
    ...remembered,
  };
}

const issued = (key: string, length = 10): IssuedSession => ({ key, value: "v".repeat(length), endsAt: 0 });

/** An exchange that is counted, and ends when the test says so. */
function slowExchange() {
  let finish: (issued: IssuedSession) => void = () => {};
  const ended = new Promise<IssuedSession>((resolve) => {
    finish = resolve;
  });
  const state = { exchanges: 0, finish };
  const exchange = () => {
    state.exchanges++;
    return ended;
  };
  return { state, exchange };
}

describe("finished logins", () => {
  it("A18 gives the twin of a callback the first one's result, for a minute", async () => {
    const { finished, clock } = finishedLogins("twins");
    let exchanges = 0;
    const exchange = async () => issued(String(++exchanges));
    const both = await Promise.all([finished.once(attempt("a"), exchange), finished.once(attempt("a"), exchange)]);
    expect(both.map(({ key }) => key)).toEqual(["1", "1"]);
    expect(await finished.returnTo("a")).toBe("/a");
    expect(await finished.returnTo("unknown")).toBeNull();
    clock.at += 60_000;
    expect(await finished.returnTo("a")).toBeNull();
    expect(await finished.once(attempt("a"), exchange)).toMatchObject({ key: "2" });
  });

  it("A18 gives it the first one's failure, too", async () => {
    const { finished } = finishedLogins("failures");
    let exchanges = 0;
    const exchange = async () => {
      exchanges++;
      throw new Error("refused");
    };
    const both = await Promise.allSettled([
      finished.once(attempt("a"), exchange),
      finished.once(attempt("a"), exchange),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(finished.once(attempt("a"), exchange)).rejects.toThrow("refused");
    expect(exchanges).toBe(1);
  });

  it("keeps nothing for longer than that", async () => {
    const { finished, clock, all } = finishedLogins("forgetful");
    clock.at += 3_600_000;
    await finished.once(attempt("a"), async () => issued("a"));
    clock.at += 60_000;
    await finished.once(attempt("b"), async () => issued("b"));
    expect(all.succeeded.size).toBe(1);
  });

  it("lets an attempt be finished again that was forgotten", async () => {
    const { finished } = finishedLogins("forgotten");
    await finished.once(attempt("a"), async () => issued("1"));
    await finished.forget("a");
    expect(await finished.once(attempt("a"), async () => issued("2"))).toMatchObject({ key: "2" });
  });

  it("does not remember what was forgotten while it ran", async () => {
    const { finished } = finishedLogins("forgotten-early");
    const { state, exchange } = slowExchange();
    const asked = finished.once(attempt("a"), exchange);
    // Both hash the state first, and hashes end in no order.
    await expect.poll(() => state.exchanges).toBe(1);
    await finished.forget("a");
    state.finish(issued("a"));
    await asked;
    expect(await finished.returnTo("a")).toBeNull();
  });

  it("keeps 16 MiB of results and 2 MiB of failures, and of failures none for results", async () => {
    const { finished, all } = finishedLogins("many");
    const first = await finished.once(attempt("first"), async () => issued("first"));
    for (let count = 0; count < 1_000; count++) {
      await finished.once(attempt(`failed ${count}`), () => Promise.reject(new Error("refused"))).catch(() => {});
    }
    expect(all.failed.bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(all.failed.size).toBeGreaterThan(300);
    expect(await finished.once(attempt("first"), async () => issued("again"))).toBe(first);
    for (let count = 0; count < 3_000; count++) {
      await finished.once(attempt(`long ${count}`), async () => issued("long", 7_000));
    }
    expect(all.succeeded.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(all.succeeded.size).toBeGreaterThan(2_000);
  });

  it("never lets an exchange go that is running, whatever else comes", async () => {
    const { finished, clock } = finishedLogins("running");
    const { state, exchange } = slowExchange();
    const asked = finished.once(attempt("slow"), exchange);
    for (let count = 0; count < 3_000; count++) {
      await finished.once(attempt(`quick ${count}`), async () => issued("quick", 7_000));
    }
    clock.at += 14 * 60_000;
    const twin = finished.once(attempt("slow"), exchange);
    state.finish(issued("slow"));
    expect([await asked, await twin, state.exchanges]).toEqual([issued("slow"), issued("slow"), 1]);
  });

  // Found by a long fuzz run: each callback looked at all of the last minute's, and a flood of them at its square.
  it("does as much for a callback after thousands as for the first", async () => {
    const { finished, clock } = finishedLogins("flood");
    const readsFor = async (state: string) => {
      const before = clock.reads;
      await finished.once(attempt(state), async () => issued(state));
      return clock.reads - before;
    };
    const first = await readsFor("first");
    for (let count = 0; count < 3_000; count++) await readsFor(`other-${count}`);
    expect(await readsFor("last")).toBeLessThanOrEqual(first + 1);
  });
});
