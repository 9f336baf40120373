import {
  createGrants,
  type FullName,
  type GrantEvent,
  type GrantsParts,
  memoryStore,
  partsOf,
  type RecordStore,
} from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { moment } from "../../test/content.ts";
import {
  describeSessions,
  granted,
  type MakeSessions,
  nobody,
  refusal,
  type SessionsWorld,
  sessionsWorld,
} from "../../test/describe-sessions.ts";
import { recalledOf, secret } from "../../test/settings.ts";
import type { Settings } from "../settings/settings.ts";
import type { Sharing } from "../settings/sharing.ts";
import { createReferenceSessions } from "./reference-sessions.ts";
import type { Sessions } from "./sessions.ts";

const hour = 3_600_000;
const day = 86_400_000;
const ids = ["A", "B", "C"].map((letter) => letter.repeat(43));

/** Grants of the same provider and clock. */
function grantsFor(
  settings: Settings<undefined>,
  now: () => number,
  store: RecordStore,
  onEvent: (event: GrantEvent) => void,
) {
  const { provider } = recalledOf(settings);
  const { clientId } = settings.ways[0];
  const grants = createGrants({
    ...{ providers: { spotify: { provider, clientId } }, secret, store, now, onEvent, fetch: settings.fetch },
  });
  return { grants, parts: partsOf(grants) as GrantsParts };
}

/** Logs in as a login does: the grant first, of an owner whom the test names. */
function withGrants(sessions: Sessions<undefined>, { parts }: Pick<Sharing, "parts">, ownerOf: (id: string) => string) {
  return {
    ...sessions,
    create: async (content) => {
      const grant = await parts.save({ owner: ownerOf(content.id) }, content.tokens, { subject: ownerOf(content.id) });
      return sessions.create({ ...content, owner: grant.owner }, { grant });
    },
  } satisfies Sessions<undefined>;
}

const make: MakeSessions = (settings, now, onEvent) => {
  const store = memoryStore({ now });
  const shared = grantsFor(settings, now, store, onEvent);
  const sharing = {
    ...shared,
    onConflict: "refuse",
    keyOf: () => "spotify",
    placeOf: () => expect.unreachable(),
  } as const;
  return withGrants(createReferenceSessions(settings, sharing, store), shared, (id) => `owner of ${id}`);
};

const grantOf = (owner: string | null): FullName => ({ owner: String(owner), provider: "spotify", account: null });
describeSessions("that shares its owner's grant", make, {
  refreshed: ({ owner }) => ({ type: "tokens.refreshed", grant: grantOf(owner), rotated: true }),
  ended: ({ owner }) => ({ type: "grant.ended", grant: grantOf(owner), reason: "refused", error: expect.anything() }),
});

/** Sessions of one owner, unless the test says otherwise, and the grants that they share. */
function world(change: (store: RecordStore) => Partial<RecordStore> = () => ({})) {
  const kept: { grants?: ReturnType<typeof grantsFor>["grants"]; store?: RecordStore } = {};
  const made = sessionsWorld((settings, now, onEvent) => {
    const memory = memoryStore({ now });
    const store = { ...memory, ...change(memory) };
    const shared = grantsFor(settings, now, store, onEvent);
    const sharing = {
      ...shared,
      onConflict: "refuse",
      keyOf: () => "spotify",
      placeOf: () => expect.unreachable(),
    } as const;
    Object.assign(kept, { grants: shared.grants, store });
    return withGrants(createReferenceSessions(settings, sharing, store), shared, () => "ada");
  });
  const [one = "", two = "", three = ""] = ids;
  return { ...made, ...(kept as Required<typeof kept>), one, two, three };
}

const sessionIn = async ({ sessions }: SessionsWorld, cookie: string) => (await sessions.find(cookie)).session;

describe("sessions that share a grant", () => {
  it("refresh it once, with each other and with a job", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    const second = await w.logIn({ id: w.two });
    w.clock.at += hour;
    const outcomes = await Promise.all([
      ...[first, second].map(({ session }) => w.sessions.refresh(session)),
      w.grants.of({ owner: "ada" }).accessToken(),
    ]);
    expect(w.sent).toHaveLength(1);
    expect(outcomes[2]).toBe("newer");
    for (const { cookie } of [first, second])
      expect(await sessionIn(w, cookie)).toMatchObject({ tokens: { accessToken: "newer" } });
  });

  it("end one by one: the grant lives on, and the job with it", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    const second = await w.logIn({ id: w.two });
    await w.sessions.delete(first.session);
    w.sessions.revoke(first.session);
    expect([await sessionIn(w, first.cookie), (await sessionIn(w, second.cookie))?.id]).toEqual([null, w.two]);
    expect([await w.grants.has({ owner: "ada" }), w.sent]).toEqual([true, []]);
  });

  it("end with the grant, and do not come back with the next one of the same owner", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    await w.grants.end({ owner: "ada" });
    const second = await w.logIn({ id: w.two });
    expect(await w.sessions.find(first.cookie)).toEqual({ ...nobody, clear: true, provider: null });
    expect((await sessionIn(w, second.cookie))?.id).toBe(w.two);
  });

  it("go on with what a second login brings", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    const { tokens } = first.session;
    await w.logIn({ id: w.two, tokens: { ...tokens, accessToken: "of the second login" } as typeof tokens });
    expect(await sessionIn(w, first.cookie)).toMatchObject({ tokens: { accessToken: "of the second login" } });
  });

  it("end with all of the owner, also while a refresh is on its way", async () => {
    const w = world();
    const { session, cookie } = await w.logIn({ id: w.one });
    w.clock.at += hour;
    let answer: (response: Response) => void = () => {};
    const held = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    w.provider.answer = () => held;
    const refresh = w.sessions.refresh(session);
    await expect.poll(() => w.sent).toHaveLength(1);
    await w.grants.endAll({ owner: "ada" });
    answer(Response.json(granted));
    expect(await refresh).toMatchObject({ outcome: "ended", reason: "gone" });
    expect(await sessionIn(w, cookie)).toBeNull();
  });

  it("are found by their owner, and ended by whom the app calls so", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    const second = await w.logIn({ id: w.two });
    const { owned } = w.sessions;
    const listed = async () => (await owned?.list("ada"))?.map(({ id }) => id).sort();
    expect([await listed(), await owned?.list("grace")]).toEqual([[w.one, w.two], []]);
    expect(await owned?.end("ada", first.session.view.id)).toBe(1);
    expect([await listed(), await sessionIn(w, first.cookie)]).toEqual([[w.two], null]);
    expect(w.events).toEqual([{ type: "session.ended", session: first.session.view.id, reason: "app" }]);
    expect([await owned?.end("ada"), await owned?.end("ada")]).toEqual([1, 0]);
    expect(await sessionIn(w, second.cookie)).toBeNull();
  });

  it("are told that a login would help, as the grant is", async () => {
    const w = world();
    const { session, cookie } = await w.logIn({ id: w.one });
    w.clock.at += hour;
    w.provider.answer = () => Response.json({ error: "access_denied" }, { status: 400 });
    expect(await w.sessions.refresh(session)).toMatchObject({ outcome: "refused" });
    expect(await w.sessions.find(cookie)).toMatchObject({ session: { id: w.one }, reauthNeeded: true });
  });

  it("have ended with the provider's word for all of them", async () => {
    const w = world();
    const first = await w.logIn({ id: w.one });
    const second = await w.logIn({ id: w.two });
    w.clock.at += hour;
    w.provider.answer = refusal;
    await w.sessions.refresh(second.session);
    expect(await w.sessions.find(first.cookie)).toMatchObject({ session: null, clear: true, ended: true });
    expect(await w.sessions.refresh(first.session)).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(w.sent).toHaveLength(1);
  });

  it("are neither there nor gone where the store is away", async () => {
    const state = { isAway: false };
    const away = () => Promise.reject(new Error("away"));
    const w = world((store) => ({ read: (key) => (state.isAway ? away() : store.read(key)) }));
    const { cookie } = await w.logIn({ id: w.one });
    state.isAway = true;
    await expect((async () => w.sessions.find(cookie))()).rejects.toMatchObject({
      code: "store_unavailable",
      status: 503,
    });
  });

  it("keep what was heard where the store is away after the answer", async () => {
    const state = { isAway: false };
    const w = world((store) => ({
      read: (key) => (state.isAway ? Promise.reject(new Error("away")) : store.read(key)),
    }));
    const { session } = await w.logIn({ id: w.one });
    w.clock.at += hour;
    w.provider.answer = () => {
      state.isAway = true;
      return Response.json(granted);
    };
    expect(await w.sessions.refresh(session)).toMatchObject({ session: { tokens: { accessToken: "newer" } } });
  });

  it("hold no token in what the store keeps of them, and no name of their owner", async () => {
    const w = world();
    const { session } = await w.logIn({ id: w.one });
    const record = JSON.stringify(await w.store.read(session.key));
    expect(record).toContain(session.sealed);
    for (const text of ["refresh", "access", "ada"]) expect(record.replace(session.sealed, "")).not.toContain(text);
    expect(w.sessions.issue(session)).toEqual({ key: session.key, value: w.one, endsAt: moment + 365 * day });
  });
});
