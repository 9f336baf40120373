import { inspect } from "node:util";
import { GrantError, type GrantName, memoryStore, partsOf, type TokensToKeep } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";
import { otherSecret, secret } from "../lib/web-app.ts";

const ada: GrantName = { owner: "ada" };
const refusal = (option: string, message: RegExp) =>
  expect.objectContaining({ code: "invalid_option", option, message: expect.stringMatching(message) });

describe("grants", () => {
  it("keep what a login gave: a job fetches, and nobody is there", async () => {
    const { grants, tokens, server } = createGrantsWorld();
    await grants.save(ada, tokens());
    const answer = await grants.of(ada).fetch("/v1/me");
    expect([answer.status, ((await answer.json()) as { id: string }).id]).toEqual([200, "ada-1815"]);
    expect([await grants.has(ada), await grants.has({ owner: "grace" })]).toEqual([true, false]);
    expect(server.violations).toEqual([]);
  });

  it("keep nothing of it in plain text", async () => {
    const { grants, tokens, store } = createGrantsWorld();
    const given = tokens();
    await grants.save({ owner: "owner-canary" }, given);
    const keys = await store.index?.dueWithin(Number.MAX_SAFE_INTEGER, 10);
    const kept = JSON.stringify([keys, await store.read(keys?.[0] ?? "")]);
    expect(kept).toContain("sealed");
    for (const text of ["owner-canary", given.accessToken, String(given.refreshToken)])
      expect(kept).not.toContain(text);
  });

  it("print no secret", () => {
    const { grants } = createGrantsWorld();
    expect(inspect(grants, { depth: 9, showHidden: true })).not.toContain(secret);
    expect([partsOf(grants)?.secret, partsOf({} as never)]).toEqual([secret, null]);
  });

  it("hold several accounts of one owner apart", async () => {
    const { grants, tokens } = createGrantsWorld();
    await grants.save({ owner: "ada", account: "one" }, tokens("ada"));
    await grants.save({ owner: "ada", account: "two" }, tokens("grace"));
    const who = async (account: string) =>
      ((await (await grants.of({ owner: "ada", account }).fetch("/v1/me")).json()) as { id: string }).id;
    expect([await who("one"), await who("two"), await grants.has(ada)]).toEqual(["ada-1815", "grace-1906", false]);
  });

  it("list what an owner has, and nothing of another one; no token is in it", async () => {
    const { grants, tokens, clock } = createGrantsWorld();
    const given = tokens();
    await grants.save(ada, given);
    await grants.save({ owner: "ada", account: "moved in" }, { ...given, authorizedAt: null });
    await grants.save({ owner: "grace" }, tokens("grace"));
    const list = await grants.list(ada);
    expect(list.map(({ account }) => account).sort()).toEqual(["moved in", null]);
    expect(list.find(({ account }) => account === null)).toEqual({
      ...{
        owner: "ada",
        provider: "spotify",
        account: null,
        subject: null,
        scope: ["user-read-private"],
        reauthNeeded: false,
      },
      ...{ authorizedAt: new Date(clock.now()), reauthDueAt: new Date(clock.now() + 180 * 86_400_000) },
    });
    expect(list.find(({ account }) => account !== null)).toMatchObject({ authorizedAt: null, reauthDueAt: null });
    expect(JSON.stringify(list)).not.toContain(given.accessToken);
  });

  it("end one: deleted, revoked, told, and not found by anybody", async () => {
    const { grants, tokens, server, types } = createGrantsWorld({ revocation: true });
    await grants.save(ada, tokens());
    const kept = grants.of(ada);
    await grants.end(ada);
    expect([await grants.has(ada), await grants.list(ada), types()]).toEqual([false, [], ["grant.ended"]]);
    expect(server.requests.map(({ kind, status }) => [kind, status])).toEqual([["revoke", 200]]);
    await expect(kept.accessToken()).rejects.toMatchObject({ code: "grant_not_found" });
    await grants.end(ada);
    expect(types()).toEqual(["grant.ended"]);
  });

  it("tell of a revocation that failed, and have ended the grant all the same", async () => {
    const { grants, tokens, server, types } = createGrantsWorld({ revocation: true });
    await grants.save(ada, tokens());
    server.fault({ at: "revoke", kind: "status", status: 503 });
    await grants.end(ada);
    expect([await grants.has(ada), types()]).toEqual([false, ["grant.ended", "revocation.failed"]]);
  });

  it("end all of an owner, and what other owners have stays", async () => {
    const { grants, tokens } = createGrantsWorld();
    for (const account of ["one", "two"]) await grants.save({ owner: "ada", account }, tokens());
    await grants.save({ owner: "grace" }, tokens("grace"));
    await grants.endAll(ada);
    expect([await grants.list(ada), (await grants.list({ owner: "grace" })).length]).toEqual([[], 1]);
    await grants.save(ada, tokens());
    expect(await grants.has(ada)).toBe(true);
  });

  it("end all of an owner whom the index has forgotten: what was saved before is over", async () => {
    const { grants, tokens, store } = createGrantsWorld();
    await grants.save(ada, tokens());
    for (const key of (await store.index?.dueWithin(Number.MAX_SAFE_INTEGER, 10)) ?? []) await store.index?.remove(key);
    await grants.endAll(ada);
    expect(await grants.has(ada)).toBe(false);
  });
});

describe("a stranger's mistakes with grants say what to write", () => {
  it("an owner that is nobody", async () => {
    const { grants, tokens } = createGrantsWorld();
    for (const owner of [undefined, null, ""] as unknown as string[]) {
      const expected = refusal("owner", /your own id of the person as text/);
      await expect(grants.save({ owner }, tokens())).rejects.toThrow(expected);
      await expect(grants.end({ owner })).rejects.toThrow(expected);
      await expect(grants.list({ owner })).rejects.toThrow(expected);
      expect(() => grants.of({ owner })).toThrow(expected);
    }
  });

  it.each([
    [{ access_token: "x" }, "tokens.access_token", /The options are: accessToken/],
    [{ accessToken: "" }, "tokens", /not tokens/],
    ["token", "tokens", /Give an object with accessToken/],
    [{ accessToken: "x", expiresIn: 3600 }, "tokens.refreshToken", /offline_access.*access_type=offline/],
  ])("tokens that are none: %j", async (tokens, option, message) => {
    const { grants } = createGrantsWorld();
    await expect(grants.save(ada, tokens as unknown as TokensToKeep)).rejects.toThrow(refusal(option, message));
  });

  it("a second login without a refresh token does not cost the first one's", async () => {
    const { grants, tokens, clock } = createGrantsWorld();
    await grants.save(ada, tokens());
    await expect(grants.save(ada, { ...tokens(), refreshToken: null })).rejects.toThrow("no refresh token came");
    clock.advance(3_600_001);
    expect((await grants.of(ada).fetch("/v1/me")).status).toBe(200);
  });

  it("tokens that never end need no refresh token", async () => {
    const { grants, clock } = createGrantsWorld();
    await grants.save(ada, { accessToken: "endless" });
    clock.advance(300 * 86_400_000);
    expect(await grants.of(ada).accessToken()).toBe("endless");
  });

  it("a secret that is missing from the list: unknown_secret, never an unknown grant, never deleted", async () => {
    const { again, tokens } = createGrantsWorld();
    const before = again({ secret: otherSecret });
    await before.save(ada, tokens());
    const grants = again();
    const expected = { name: "GrantError", code: "unknown_secret", hint: expect.stringContaining("...previous") };
    await expect(grants.of(ada).accessToken()).rejects.toMatchObject(expected);
    const acts = [grants.has(ada), grants.end(ada), grants.save(ada, tokens())];
    await Promise.all(acts.map((act) => expect(act).rejects.toMatchObject(expected)));
    expect(await again({ secret: [secret, otherSecret] }).has(ada)).toBe(true);
    expect(await before.has(ada)).toBe(true);
    await grants.save(ada, tokens(), { overwriteUnknownSecret: true });
    expect(await grants.has(ada)).toBe(true);
  });

  it("two apps on one table: neither reads, lists or replaces what is the other's", async () => {
    const { again, tokens } = createGrantsWorld();
    const one = again({ name: "one" });
    const other = again({ name: "other", secret: otherSecret });
    await one.save(ada, tokens("ada"));
    expect([await other.has(ada), await other.list(ada)]).toEqual([false, []]);
    await other.save(ada, tokens("grace"));
    expect(((await (await one.of(ada).fetch("/v1/me")).json()) as { id: string }).id).toBe("ada-1815");
    await other.endAll(ada);
    expect([await one.has(ada), await other.has(ada)]).toEqual([true, false]);
    const unnamed = again({ name: "one", secret: otherSecret });
    await expect(unnamed.save(ada, tokens())).rejects.toThrow(GrantError);
    await expect(unnamed.has(ada)).rejects.toMatchObject({ hint: expect.stringContaining("a `name` of its own") });
  });

  it("a store without an index says so when it is asked", async () => {
    const { index: _index, epochs: _epochs, ...store } = memoryStore({ now: () => 0 });
    const { again, tokens } = createGrantsWorld();
    const grants = again({ store, without: ["index", "epochs"] });
    await grants.save(ada, tokens());
    expect(await grants.has(ada)).toBe(true);
    for (const act of [grants.list(ada), grants.endAll(ada), grants.reseal(), grants.upkeep({ within: 60 })]) {
      await expect(act).rejects.toThrow(refusal("store", /has no index/));
    }
    const counting = again({
      store: { ...store, index: memoryStore({ now: () => 0 }).index as never },
      without: ["epochs"],
    });
    await expect(counting.endAll(ada)).rejects.toThrow(refusal("store", /has no epochs/));
  });

  it("a store that is away is that, and nothing else", async () => {
    const { again, tokens, store } = createGrantsWorld();
    const away = () => {
      throw new Error("ECONNREFUSED");
    };
    const grants = again({ store: { ...store, read: away } });
    await expect(grants.has(ada)).rejects.toMatchObject({
      code: "store_unavailable",
      cause: { message: "ECONNREFUSED" },
    });
    await expect(grants.save(ada, tokens())).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("endAll ends all, also where one fails, and tells of it", async () => {
    const { again, tokens, store, types } = createGrantsWorld();
    let deletes = 0;
    const kept: number[] = [];
    const grants = again({
      idle: 86_400,
      store: {
        ...store,
        delete(key) {
          if (++deletes === 1) throw new Error("ECONNRESET");
          return store.delete(key);
        },
        epochs: {
          of: (owner) => store.epochs?.of(owner) ?? 0,
          advance(owner, ttl) {
            kept.push(ttl);
            return store.epochs?.advance(owner, ttl) ?? 0;
          },
        },
      },
    });
    for (const account of ["one", "two", "three"]) await grants.save({ ...ada, account }, tokens());
    await expect(grants.endAll(ada)).rejects.toMatchObject({ code: "store_unavailable" });
    expect([deletes, types(), kept]).toEqual([3, ["grant.ended", "grant.ended"], [90_000_000]]);
  });

  it("ends by the token that the provider wants to hear of", async () => {
    const { again, tokens, provider, server } = createGrantsWorld({ revocation: true });
    const sent: unknown[] = [];
    const picky = { ...provider, revocation: { by: "form", field: "token", token: "access_token" } } as const;
    const grants = again({
      providers: { spotify: { provider: picky, clientId: "client" } },
      async fetch(input, init) {
        const request = new Request(input, init);
        if (request.url.endsWith("/revoke")) sent.push(new URLSearchParams(await request.text()).get("token"));
        return server.fetch(input, init);
      },
    });
    const theirs = tokens();
    await grants.save(ada, theirs);
    await grants.end(ada);
    expect(sent).toEqual([theirs.accessToken]);
  });

  it("tokens that are too long to be kept: says so, in words for tokens", async () => {
    const { grants, tokens } = createGrantsWorld();
    const long = { ...tokens(), accessToken: "a".repeat(20_000) };
    await expect(grants.save(ada, long)).rejects.toMatchObject({
      ...{ code: "session_too_large", hint: expect.stringContaining("fewer scopes") },
    });
  });
});
