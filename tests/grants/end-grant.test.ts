import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";

const ada = { owner: "ada" };
const subject = "spotify-1";

const revokedBy = ({ server }: ReturnType<typeof createGrantsWorld>) =>
  server.requests.filter(({ kind }) => kind === "revoke").map(({ parameters }) => parameters.token);

describe("the end of a grant", () => {
  it("revokes the token that a refresh has saved a moment before, and not the one that it replaced", async () => {
    const world = createGrantsWorld({ revocation: true, server: { rotation: "rotate" } });
    const state = { reads: 0 };
    const other = world.again();
    const grants = world.again({
      store: {
        ...world.store,
        async read(key) {
          const stored = await world.store.read(key);
          // Another process's refresh comes between the first look and what follows.
          if (++state.reads === 1) await other.of(ada).accessToken();
          return stored;
        },
      },
    });
    const theirs = world.tokens();
    await world.grants.save(ada, theirs);
    world.clock.advance(3_600_001);
    await grants.end(ada);
    expect([world.refreshes(), revokedBy(world).length]).toEqual([1, 1]);
    expect(revokedBy(world)).not.toContain(theirs.refreshToken);
    expect(world.server.violations).toEqual([]);
  });

  /** Grants whose store does something else right before it deletes one; `says` whether it tells what it has deleted. */
  function setUp(says: boolean) {
    const world = createGrantsWorld({ revocation: true, server: { rotation: "rotate" } });
    const other = world.again();
    const before = { delete: async () => {} };
    const grants = world.again({
      store: {
        ...world.store,
        async delete(key) {
          await before.delete();
          const deleted = await world.store.delete(key);
          return says ? deleted : undefined;
        },
      },
    });
    return { world, other, grants, before };
  }

  it("revokes what it has deleted: what a refresh or a second login has saved at that very moment", async () => {
    const { world, other, grants, before } = setUp(true);
    const first = world.tokens();
    await grants.save(ada, first);
    world.clock.advance(3_600_001);
    before.delete = async () => void (await other.of(ada).accessToken());
    await grants.end(ada);
    expect([world.refreshes(), revokedBy(world).length]).toEqual([1, 1]);
    expect(revokedBy(world)).not.toContain(first.refreshToken);

    const second = world.tokens();
    await grants.save(ada, world.tokens());
    before.delete = () => other.save(ada, second);
    await grants.end(ada);
    expect([revokedBy(world)[1], await grants.has(ada)]).toEqual([second.refreshToken, false]);
  });

  it("is told and revoked once where three end it at once", async () => {
    const { world, grants, before } = setUp(true);
    await grants.save(ada, world.tokens());
    const all = Promise.withResolvers<void>();
    let asked = 0;
    // Each has found it when the first deletes it.
    before.delete = () => {
      if (++asked === 3) all.resolve();
      return all.promise;
    };
    await Promise.all([grants.end(ada), grants.end(ada), grants.endAll(ada)]);
    expect([world.types(), revokedBy(world).length, await grants.has(ada)]).toEqual([["grant.ended"], 1, false]);
  });

  it("leaves what is saved at the very moment in which all of its owner's are ended", async () => {
    const { world, other, grants, before } = setUp(true);
    await grants.save(ada, world.tokens(), { subject });
    const newest = world.tokens();
    before.delete = () => other.save(ada, newest, { subject });
    await grants.endAll(ada);
    expect([world.types(), revokedBy(world), (await grants.list(ada)).length]).toEqual([[], [], 1]);
    expect(await other.of(ada).accessToken()).toBe(newest.accessToken);
    before.delete = async () => {};
    await grants.end(ada);
    expect([world.types(), revokedBy(world)]).toEqual([["grant.ended"], [newest.refreshToken]]);
  });

  it("revokes what it has read where a store says nothing of what it has deleted", async () => {
    const { world, grants } = setUp(false);
    const tokens = world.tokens();
    await grants.save(ada, tokens);
    await grants.end(ada);
    expect([revokedBy(world), await grants.has(ada)]).toEqual([[tokens.refreshToken], false]);
  });
});

describe("endAll that has failed in the middle", () => {
  it("is finished by another one: all are revoked, each once", async () => {
    const world = createGrantsWorld({ revocation: true });
    const state = { failures: 1 };
    const grants = world.again({
      store: {
        ...world.store,
        delete(key) {
          if (state.failures-- > 0) throw new Error("ECONNRESET");
          return world.store.delete(key);
        },
      },
    });
    for (const account of ["one", "two"]) await grants.save({ ...ada, account }, world.tokens());
    await expect(grants.endAll(ada)).rejects.toMatchObject({ code: "store_unavailable" });
    expect([await grants.list(ada), revokedBy(world).length]).toEqual([[], 1]);
    await grants.endAll(ada);
    expect([await grants.list(ada), revokedBy(world).length]).toEqual([[], 2]);
    await grants.endAll(ada);
    expect(revokedBy(world)).toHaveLength(2);
  });
});

describe("an account that is taken over from another owner", () => {
  it("stays that owner's where what takes its place cannot be kept", async () => {
    const world = createGrantsWorld({ revocation: true });
    const state = { isFull: false };
    const grants = world.again({
      store: {
        ...world.store,
        create(key, sealed, ttl) {
          // The claim of the account is asked for first, and stands.
          if (state.isFull && world.store.read(key) === null) throw new Error("OOM");
          return world.store.create(key, sealed, ttl);
        },
      },
    });
    await grants.save(ada, world.tokens(), { subject });
    state.isFull = true;
    const over = () => grants.save({ owner: "grace" }, world.tokens(), { subject, onConflict: "replace" });
    await expect(over()).rejects.toMatchObject({ code: "store_unavailable" });
    expect([await grants.has(ada), world.types()]).toEqual([true, []]);
    state.isFull = false;
    await over();
    expect([await grants.has(ada), await grants.has({ owner: "grace" }), world.types()]).toEqual([
      ...[false, true, ["grant.ended"]],
    ]);
  });

  it("is not revoked: a provider may end all that the account has given this app", async () => {
    const world = createGrantsWorld({ revocation: true });
    await world.grants.save(ada, world.tokens(), { subject });
    await world.grants.save({ owner: "grace" }, world.tokens(), { subject, onConflict: "replace" });
    expect(revokedBy(world)).toEqual([]);
  });
});
