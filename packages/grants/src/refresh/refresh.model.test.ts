import { describe, expect, it } from "vitest";
import { explore, sample } from "../../test/explore.ts";
import {
  type Accidents,
  type Ended,
  type Model,
  type ModelStore,
  type ProviderMode,
  RefreshRun,
} from "../../test/refresh-model.ts";

// REFRESH_MODEL=long explores three workers with several accidents at once too: minutes, not seconds.
const long =
  (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env.REFRESH_MODEL === "long";
const modes: readonly ProviderMode[] = ["reusable", "rotate", "strict", "grace"];

interface Tally {
  readonly states: number;
  ends: number;
  requests: number;
  revoked: number;
  deadTokens: number;
  readonly problems: Map<string, string>;
}

function tally(): Tally & { states: number; add(run: Ended): void } {
  const problems = new Map<string, string>();
  return {
    ...{ states: 0, ends: 0, requests: 0, revoked: 0, deadTokens: 0, problems },
    add(run) {
      this.ends++;
      this.requests = Math.max(this.requests, run.requests);
      if (run.revoked) this.revoked++;
      if (run.deadToken) this.deadTokens++;
      // The schedule stands in the failure: it replays.
      for (const problem of run.problems) if (!problems.has(problem)) problems.set(problem, run.trace.join(" "));
    },
  };
}

async function exploreAll(model: Model): Promise<Tally> {
  const result = tally();
  result.states = await explore(
    () => new RefreshRun(model),
    (run) => result.add(run),
  );
  return result;
}

describe.each(modes)("refresh, every interleaving, provider %s", (mode) => {
  it.each([2, 3])("%i workers without an accident: one token request, everybody has its result", async (workers) => {
    await explore(
      () => new RefreshRun({ workers, mode }),
      (run) => {
        expect(run.problems).toEqual([]);
        expect(run.requests).toBe(1);
        expect(run.deadToken).toBe(false);
        expect(new Set(run.endings)).toEqual(new Set(["refreshed"]));
      },
    );
  });

  const one: readonly Accidents[] = [
    ...[{ expire: 1 }, { lost: 1 }, { crash: 1 }, { store: 1 }, { logout: 1 }, { replace: 1 }],
  ];
  const several: Accidents = { expire: 1, lost: 1, crash: 1 };
  const plans: (readonly [number, Accidents])[] = [
    ...one.flatMap((accidents): (readonly [number, Accidents])[] => [
      [2, accidents],
      [3, accidents],
    ]),
    [2, several],
    [2, { ...several, logout: 1 }],
    [2, { expire: 1, store: 1 }],
    [2, { replace: 1, logout: 1 }],
    [2, { replace: 1, expire: 1, lost: 1 }],
    [2, { replace: 1, crash: 1 }],
    ...(long ? ([[3, several]] as const) : []),
  ];
  it.each(plans)(
    "%i workers with %j: nobody is logged out while a usable token exists",
    async (workers, accidents) => {
      const { problems, revoked, deadTokens, ends } = await exploreAll({ workers, mode, accidents });
      expect(problems).toEqual(new Map());
      expect(ends).toBeGreaterThan(1);
      const unheard = (accidents.lost ?? 0) + (accidents.crash ?? 0) > 0;
      // Only a provider that answers reuse with revocation can end a login here, and only after an accident.
      if (mode !== "strict") expect(revoked).toBe(0);
      // A spent token stays behind only where the answer reached nobody.
      if (mode !== "strict" && !unheard && !accidents.store) expect(deadTokens).toBe(0);
    },
    600_000,
  );

  it.each([
    [1, 1, {}],
    [1, 2, {}],
    [2, 1, {}],
    [1, 1, { expire: 1 }],
    [1, 1, { lost: 1 }],
    [1, 1, { crash: 1 }],
    [1, 1, { store: 1 }],
    [1, 1, { logout: 1 }],
    ...(long ? ([[2, 1, { expire: 1 }]] as const) : []),
  ] as const)(
    "%i workers and %i that change the data, with %j: no change is lost, and no token",
    async (workers, updates, accidents: Accidents) => {
      const model: Model = { workers, updates, mode, accidents, keysAreOnce: true };
      const { problems, ends, requests } = await exploreAll(model);
      expect(problems).toEqual(new Map());
      expect(ends).toBeGreaterThan(1);
      if (Object.keys(accidents).length === 0) expect(requests).toBe(1);
    },
    600_000,
  );

  it("drawn schedules of three workers with everything at once", async () => {
    const accidents = { expire: 1, lost: 1, crash: 1, logout: 1, replace: 1, store: 1 };
    const result = tally();
    await sample(
      () => new RefreshRun({ workers: 3, mode, accidents }),
      long ? 50_000 : 5_000,
      7_636,
      (run) => result.add(run),
    );
    // A lost answer of the store on top of all else may cost the login, a logout is never undone.
    expect(result.problems.has("brought back after the logout")).toBe(false);
    expect(result.problems.has("a token of the grant before stands in the place of the new one")).toBe(false);
    expect(result.problems.has("a worker never answers")).toBe(false);
    expect(result.problems.has("logged out while a usable token exists")).toBe(false);
  });
});

describe("what no client can rule out, counted", () => {
  it("a worker that is paused for longer than its lease: a provider that punishes reuse revokes the login", async () => {
    const { revoked, ends, problems } = await exploreAll({ workers: 3, mode: "strict", accidents: { expire: 1 } });
    expect(problems).toEqual(new Map());
    expect(revoked).toBeGreaterThan(0);
    expect(revoked).toBeLessThan(ends);
  });

  it("a pause between the last look at the lease and the request: a grace provider's order is not ours", async () => {
    const model: Model = { workers: 2, mode: "grace", accidents: { expire: 1 }, lateSend: true };
    const { problems } = await exploreAll(model);
    expect([...problems.keys()]).toEqual(["the newest token is thrown away"]);
  });

  it("the same pause before a change of the data is written: the change may be lost, and never a token", async () => {
    const model: Model = { workers: 1, updates: 1, mode: "rotate", accidents: { expire: 1 }, keysAreOnce: true };
    expect([...(await exploreAll({ ...model, lateSend: true })).problems.keys()]).toEqual([
      "a change of the data is lost",
    ]);
  });

  it("the same pause with a provider that merely rotates costs nothing", async () => {
    const model: Model = { workers: 3, mode: "rotate", accidents: { expire: 1 }, lateSend: true };
    expect((await exploreAll(model)).problems).toEqual(new Map());
  });
});

describe("the exploration notices a design with one thing left out", () => {
  const noLease = (store: ModelStore): ModelStore => ({
    ...store,
    acquire: (key, options) => {
      for (let fence = 1; fence < 10; fence++) store.release(key, fence);
      return store.acquire(key, options);
    },
  });
  const noIntents = (store: ModelStore): ModelStore => ({
    ...store,
    read: (key) => {
      const stored = store.read(key);
      return stored && { ...stored, intents: [] };
    },
  });
  const unchangedInsteadOfFence = (store: ModelStore): ModelStore => {
    let seen = 0;
    return {
      ...store,
      acquire: (key, options) => {
        const acquired = store.acquire(key, options);
        if (acquired.state === "acquired") seen = acquired.stored.fence;
        return acquired;
      },
      commit: (key, fence, sealed, ttl) => {
        if (store.read(key)?.fence !== seen) return "superseded";
        return store.commit(key, fence, sealed, ttl);
      },
    };
  };
  const noSecondLook = (store: ModelStore): ModelStore => ({
    ...store,
    read: (key) => {
      const stored = store.read(key);
      return stored && { ...stored, sealed: "[0,0]", fence: 0, ended: false };
    },
    end: (key, _fence, ttl) => store.end(key, 1_000_000, ttl),
  });
  const noneOnTheWay = (store: ModelStore): ModelStore => ({
    ...store,
    acquire: (key, options) => {
      const acquired = store.acquire(key, options);
      return acquired.state === "acquired" ? { ...acquired, stored: { ...acquired.stored, intents: [] } } : acquired;
    },
  });
  const expire = { expire: 1 };

  it("no question whether another grant stands there: the one before takes the place of the new one", async () => {
    const { problems } = await exploreAll({
      ...{ workers: 2, mode: "rotate", accidents: { replace: 1 }, keysAreOnce: true },
    });
    expect([...problems.keys()]).toContain("a token of the grant before stands in the place of the new one");
  });

  it("no lease: more than one token request", async () => {
    const { requests } = await exploreAll({ workers: 2, mode: "rotate", mutate: noLease });
    expect(requests).toBe(2);
  });

  it("an update that waits for no token request: the newest token is thrown away", async () => {
    const model: Model = { workers: 1, updates: 1, mode: "rotate", accidents: expire, keysAreOnce: true };
    const { problems } = await exploreAll({ ...model, mutate: noneOnTheWay });
    expect([...problems.keys()]).toContain("the newest token is thrown away");
  });

  it.each([
    ["no intents", "rotate", noIntents, "logged out while a usable token exists"],
    [
      "the write of whoever saw no change, instead of fences",
      "grace",
      unchangedInsteadOfFence,
      "the newest token is thrown away",
    ],
    ["no second look before a refusal is believed", "rotate", noSecondLook, "logged out while a usable token exists"],
  ] as const)("%s, provider %s", async (_name, mode, mutate, problem) => {
    const { problems } = await exploreAll({ workers: 2, mode, mutate, accidents: expire });
    expect([...problems.keys()]).toContain(problem);
  });
});
