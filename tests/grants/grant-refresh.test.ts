import type { GrantName } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { createGrantsWorld, type GrantsWorldInput } from "../lib/grants-world.ts";

const ada: GrantName = { owner: "ada" };

/** A refresh that waits at the provider until the test lets it go on. */
async function inFlight(input: GrantsWorldInput = {}, consume = false) {
  const opened = Promise.withResolvers<void>();
  const world = createGrantsWorld({ ...input, server: { ...input.server, wait: () => opened.promise } });
  await world.grants.save(ada, world.tokens());
  world.clock.advance(3_600_001);
  world.server.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1, consume });
  const refresh = world.grants.of(ada).accessToken();
  while (world.refreshes() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return { ...world, refresh, open: opened.resolve };
}

describe("beside a refresh that is in flight", () => {
  it("end: nothing brings the grant back, and what the refresh brought is revoked, too", async () => {
    const { grants, refresh, open, server, store } = await inFlight(
      { revocation: true, server: { rotation: "rotate" } },
      true,
    );
    await grants.end(ada);
    open();
    await expect(refresh).rejects.toMatchObject({ code: "grant_not_found" });
    expect(await grants.has(ada)).toBe(false);
    const revoked = () =>
      server.requests.filter(({ kind }) => kind === "revoke").map(({ parameters }) => parameters.token);
    while (revoked().length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(new Set(revoked()).size).toBe(2);
    expect(await store.index?.dueWithin(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it("endAll: what was refreshed is over, and the next save is not", async () => {
    const { grants, refresh, open, tokens } = await inFlight();
    await grants.endAll(ada);
    open();
    await expect(refresh).rejects.toMatchObject({ code: "grant_not_found" });
    await grants.save(ada, tokens());
    expect(await grants.has(ada)).toBe(true);
  });

  it("endAll, although the index has forgotten the grant: the epoch ends what is in flight", async () => {
    const { grants, refresh, open, store } = await inFlight();
    for (const key of (await store.index?.dueWithin(Number.MAX_SAFE_INTEGER, 10)) ?? []) await store.index?.remove(key);
    await grants.endAll(ada);
    open();
    await expect(refresh).rejects.toMatchObject({ code: "grant_not_found" });
    expect(await grants.has(ada)).toBe(false);
  });

  it("save: who waited gets the new grant, which is neither overwritten nor revoked", async () => {
    const { grants, refresh, open, tokens, server } = await inFlight({
      revocation: true,
      server: { rotation: "rotate" },
    });
    const fresh = tokens("grace");
    await grants.save(ada, fresh);
    open();
    expect(await refresh).toBe(fresh.accessToken);
    expect(await grants.of(ada).accessToken()).toBe(fresh.accessToken);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.requests.filter(({ kind }) => kind === "revoke")).toEqual([]);
  });

  it("save, with a provider that says the old token is dead: that is not the new grant's end", async () => {
    const { grants, refresh, open, tokens, server, types } = await inFlight();
    server.revokeGrants("ada");
    const fresh = tokens("grace");
    await grants.save(ada, fresh);
    open();
    expect(await refresh).toBe(fresh.accessToken);
    expect([await grants.has(ada), types()]).toEqual([true, []]);
  });

  it("a store that fails after the provider has answered costs nothing: it is kept, told, and saved", async () => {
    const state = { isAway: false };
    const world = createGrantsWorld({ server: { rotation: "strict" } });
    const grants = world.again({
      store: {
        ...world.store,
        commit(...given) {
          if (state.isAway) throw new Error("away");
          return world.store.commit(...given);
        },
      },
    });
    await grants.save(ada, world.tokens());
    world.clock.advance(3_600_001);
    state.isAway = true;
    const theirs = grants.of(ada);
    const token = await theirs.accessToken();
    expect([await theirs.accessToken(), world.refreshes(), world.types()[0]]).toEqual([
      token,
      1,
      "refresh.commit_failed",
    ]);
    state.isAway = false;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([await world.again().of(ada).accessToken(), world.refreshes()]).toEqual([token, 1]);
  });

  it("what could not be saved yet is what is refreshed next, and not what the store still has", async () => {
    const state = { isAway: true };
    const { again, store, tokens, clock, server, refreshes } = createGrantsWorld({ server: { rotation: "strict" } });
    const grants = again({
      store: {
        ...store,
        commit(...given) {
          if (state.isAway) throw new Error("away");
          return store.commit(...given);
        },
      },
    });
    await grants.save(ada, tokens());
    for (let round = 1; round < 4; round++) {
      clock.advance(3_600_001);
      await grants.of(ada).accessToken();
      expect(refreshes()).toBe(round);
    }
    expect(server.violations).toEqual([]);
    state.isAway = false;
  });

  it("a store that says when another process has reported back is listened to", async () => {
    const { again, store, tokens, clock } = createGrantsWorld();
    const told: unknown[] = [];
    const listening = {
      ...store,
      async settled(key: string) {
        told.push(this === listening);
        await store.release(key, fence);
        return true;
      },
    };
    const grants = again({ store: listening });
    await grants.save(ada, tokens());
    clock.advance(3_600_001);
    const [key = ""] = (await store.index?.dueWithin(Number.MAX_SAFE_INTEGER, 1)) ?? [];
    const acquired = await store.acquire(key, { lease: 15_000, intent: 15_000 });
    const fence = acquired.state === "acquired" ? acquired.fence : 0;
    await grants.of(ada).accessToken();
    expect(told).toEqual([true]);
  });
});
