import type { StoredRecord } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/content.ts";
import {
  describeOwnGrants,
  describeSessions,
  nobody,
  refusal,
  sessionsWorld,
  stranger,
} from "../../test/describe-sessions.ts";
import { secret } from "../../test/settings.ts";
import type { PixyOptions } from "../settings/options.ts";
import { createCookieSessions } from "./cookie-sessions.ts";
import { createJournal } from "./journal.ts";

const day = 86_400_000;
const hour = 3_600_000;
const otherSecret = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";
const world = (options?: Partial<PixyOptions<undefined>>) =>
  sessionsWorld((settings) => createCookieSessions(settings), options);

describeSessions("in its cookie", (settings) => createCookieSessions(settings));
describeOwnGrants("in its cookie", (settings) => createCookieSessions(settings));

describe("a session in its cookie", () => {
  it("is all in the cookie, which lives for the idle time", async () => {
    const { sessions, logIn } = world();
    const { session, cookie } = await logIn();
    expect(cookie).toMatch(/^__Host-pixy=[\w.~-]{200,}$/);
    expect(sessions.issue(session)).toEqual({ key: session.key, value: session.sealed, endsAt: moment + 30 * day });
    expect(sessions.refreshNeedsCookie).toBe(true);
  });

  it("is opened once; then it is at hand", async () => {
    const { sessions, logIn } = world();
    const { cookie } = await logIn();
    const fresh = world().sessions;
    expect(fresh.find(cookie)).toBeInstanceOf(Promise);
    expect(await fresh.find(cookie)).toMatchObject({ session: { fence: 0 }, renew: false });
    for (const one of [fresh, sessions]) expect(one.find(cookie)).not.toBeInstanceOf(Promise);
  });

  it("is cleared once it has ended, without a question to the journal", async () => {
    let reads = 0;
    const { sessions, logIn, clock } = sessionsWorld((settings, now) => {
      const journal = createJournal({ now });
      const read: typeof journal.read = (...given) => {
        reads++;
        return journal.read(...given);
      };
      return createCookieSessions(settings, { ...journal, read });
    });
    const { cookie } = await logIn();
    clock.at += 30 * day;
    expect(sessions.find(cookie)).toEqual({ ...nobody, clear: true });
    expect(reads).toBe(0);
  });

  it("is cleared after a logout, and left alone for a minute where a login took its place", async () => {
    const { sessions, logIn, clock } = world();
    const first = await logIn();
    const second = await logIn({ id: "B".repeat(43) });
    await sessions.delete(first.session, "logout");
    await sessions.delete(second.session, "replaced");
    expect(await sessions.find(first.cookie)).toEqual({ ...nobody, clear: true });
    // The login's cookie has reached the browser, or is about to, before the answer to what was sent with this one.
    expect(await sessions.find(second.cookie)).toEqual(nobody);
    clock.at += 60_000;
    expect(await sessions.find(second.cookie)).toEqual({ ...nobody, clear: true });
  });

  it("is cleared where the journal has a successor that cannot be opened", async () => {
    const successor: StoredRecord = {
      ...{ sealed: "cannot be opened", fence: 9, ended: false, pause: 0, note: null, intents: [] },
    };
    const { sessions, logIn } = sessionsWorld((settings, now) =>
      createCookieSessions(settings, { ...createJournal({ now }), read: () => successor }),
    );
    expect(await sessions.find((await logIn()).cookie)).toEqual({ ...nobody, clear: true });
  });

  it("is left alone where somebody else has sealed it, and cleared where somebody has changed it", async () => {
    const other = await world({ secret: otherSecret }).logIn();
    const { sessions, logIn, events } = world();
    const { cookie } = await logIn();
    const changed = cookie.slice(0, -9) + (cookie.at(-9) === "A" ? "B" : "A") + cookie.slice(-8);
    expect(await sessions.find(other.cookie)).toEqual(stranger);
    expect(await sessions.find(changed)).toEqual({ ...nobody, clear: true });
    expect(events.map((event) => (event.type === "cookie.rejected" ? event.reason : event))).toEqual([
      "foreign",
      "tampered",
    ]);
  });

  it("is given anew under the current secret where a previous one has sealed it", async () => {
    const old = await world().logIn();
    const { sessions, cookieOf } = world({ secret: [otherSecret, secret] });
    const found = await sessions.find(old.cookie);
    expect(found).toMatchObject({ session: { id: old.session.id, stale: false }, renew: true });
    expect(found.session && cookieOf(found.session)).not.toBe(old.cookie);
  });

  it("is given anew once a tenth of the idle time has passed", async () => {
    const { sessions, logIn, clock } = world();
    const { cookie } = await logIn();
    clock.at += 3 * day;
    expect(await sessions.find(cookie)).toMatchObject({ renew: false });
    clock.at += 1;
    expect(await sessions.find(cookie)).toMatchObject({ session: { expiresAt: clock.at + 30 * day }, renew: true });
    clock.at = moment + 30 * day;
    expect(await sessions.find(cookie)).toEqual({ ...nobody, clear: true });
  });

  it("is not prolonged beyond its absolute end", async () => {
    const { sessions, logIn, clock } = world();
    clock.at += 350 * day;
    const { cookie } = await logIn({ createdAt: moment });
    clock.at += 10 * day;
    expect(await sessions.find(cookie)).toMatchObject({ session: { expiresAt: moment + 365 * day }, renew: false });
  });

  it("is its own again a minute after a refresh whose cookie never came: the browser's copy is what there is", async () => {
    const { sessions, logIn, clock } = world();
    const { session, cookie } = await logIn();
    clock.at += hour;
    await sessions.refresh(session);
    clock.at += 60_000;
    expect(await sessions.find(cookie)).toMatchObject({ session: { fence: 0 }, renew: false });
  });

  it("is remembered as deleted no longer than its cookies live, and a day at most", async () => {
    const short = world({ session: { idle: 900, absolute: 3_600 } });
    const { session, cookie } = await short.logIn();
    await short.sessions.delete(session);
    short.clock.at += 900_000 - 1;
    expect(await short.sessions.find(cookie)).toEqual({ ...nobody, clear: true });
    const long = world();
    const left = await long.logIn();
    await long.sessions.delete(left.session);
    long.clock.at += day - 1;
    expect((await long.sessions.find(left.cookie)).session).toBeNull();
  });

  it("is too large for a cookie as it is made, where somebody can still decide", async () => {
    const tokens = tokensWith({ accessToken: "x".repeat(9_000) });
    await expect(world().logIn({ tokens })).rejects.toMatchObject({ name: "SessionTooLargeError" });
  });
});

describe("the newest session", () => {
  it("is not one that was deleted, refreshed or refused while the answer was on its way", async () => {
    const { sessions, logIn, clock, provider } = world();
    const { session } = await logIn();
    clock.at += hour;
    expect(sessions.isNewest(session)).toBe(true);
    const outcome = await sessions.refresh(session);
    if (outcome.outcome !== "refreshed") throw new Error(outcome.outcome);
    expect([session, outcome.session].map(sessions.isNewest)).toEqual([false, true]);
    provider.answer = refusal;
    clock.at += hour;
    await sessions.refresh(outcome.session);
    expect(sessions.isNewest(outcome.session)).toBe(false);
    const another = await logIn({ id: "B".repeat(43) });
    await sessions.delete(another.session);
    expect(sessions.isNewest(another.session)).toBe(false);
  });
});

describe("a journal without room", () => {
  it("keeps a logged-out cookie shut, whoever logs in, refreshes and logs out after it", async () => {
    const { sessions, logIn, clock } = sessionsWorld((settings, now) =>
      createCookieSessions(settings, createJournal({ now, maxRecords: 3 })),
    );
    const victim = await logIn();
    await sessions.delete(victim.session);
    const others = [];
    for (const letter of "BCDEFGHI") others.push(await logIn({ id: letter.repeat(43) }));
    clock.at += hour;
    for (const { session } of others) expect(await sessions.refresh(session)).toMatchObject({ outcome: "refreshed" });
    for (const { session } of others) await sessions.delete(session);
    for (const { cookie } of [victim, ...others]) expect((await sessions.find(cookie)).session).toBeNull();
  });

  it("refuses new sessions with 503, and those that are there go on and are logged out", async () => {
    const { sessions, logIn, clock } = sessionsWorld((settings, now) =>
      createCookieSessions(settings, createJournal({ now, maxRecords: 2 })),
    );
    const visitors = [];
    for (const letter of ["A", "B", "C", "D"]) visitors.push(await logIn({ id: letter.repeat(43) }));
    for (const { session } of visitors.slice(0, 2)) await sessions.delete(session);
    await expect(logIn({ id: "E".repeat(43) })).rejects.toMatchObject({ code: "store_full", status: 503 });
    clock.at += hour;
    for (const { session } of visitors.slice(2)) {
      const outcome = await sessions.refresh(session);
      expect(outcome).toMatchObject({ outcome: "refreshed" });
      await sessions.delete(session);
    }
    for (const { cookie } of visitors) expect((await sessions.find(cookie)).session).toBeNull();
    clock.at += 24 * hour;
    expect((await logIn({ id: "E".repeat(43) })).session).toBeDefined();
  });
});
