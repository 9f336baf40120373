import { defineProvider } from "@pixy/core";
import type { GrantEvent } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import type { Found } from "../src/session/found.ts";
import type { OpenSession, SessionContent } from "../src/session/session.ts";
import { sessionCookies } from "../src/session/session-cookie.ts";
import type { Sessions } from "../src/session/sessions.ts";
import type { PixyEvent } from "../src/settings/events.ts";
import type { PixyOptions } from "../src/settings/options.ts";
import type { Settings } from "../src/settings/settings.ts";
import { contentWith, moment } from "./content.ts";
import { cookiePairs } from "./cookie-pairs.ts";
import { settingsWith } from "./settings.ts";

const day = 86_400_000;
const hour = 3_600_000;

/** What a Cookie header leads to where nobody is logged in. */
export const nobody: Found<never> = { session: null, renew: false, clear: false, ended: false, reauthNeeded: false };
/** The same where the cookie may be another app's. */
export const stranger: Found<never> = { ...nobody, foreign: true };

/** What a provider answers to a refresh. */
export const granted = {
  access_token: "newer",
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: "newer-refresh",
};
export const refusal = (): Response => Response.json({ error: "invalid_grant" }, { status: 400 });

/** The sessions of one app, its clock, and a provider that answers what the test says. */
export interface SessionsWorld {
  readonly clock: { at: number };
  readonly events: (PixyEvent | GrantEvent)[];
  /** The bodies of the requests that the provider has seen. */
  readonly sent: string[];
  readonly provider: { answer: () => Response | Promise<Response> };
  readonly settings: Settings<undefined>;
  readonly sessions: Sessions<undefined>;
  /** Somebody who logs in now, and the Cookie header of that moment. */
  logIn(change?: Partial<SessionContent<undefined>>): Promise<{ session: OpenSession<undefined>; cookie: string }>;
  /** The Cookie header of a browser that was given this session. */
  cookieOf(session: OpenSession<undefined>): string;
}

/** `onEvent` is told what is not the settings' to tell. */
export type MakeSessions = (
  settings: Settings<undefined>,
  now: () => number,
  onEvent: (event: GrantEvent) => void,
) => Sessions<undefined>;

/** What sets a kind of session apart in what it tells. */
export interface Telling {
  refreshed(session: OpenSession<undefined>): object;
  ended(session: OpenSession<undefined>): object;
}

const own: Telling = {
  refreshed: ({ view }) => ({ type: "tokens.refreshed", session: view.id, rotated: true }),
  ended: ({ view }) => ({ type: "session.ended", session: view.id, reason: "refused", error: expect.anything() }),
};

export function sessionsWorld(make: MakeSessions, options: Partial<PixyOptions<undefined>> = {}): SessionsWorld {
  const clock = { at: moment };
  const now = () => clock.at;
  const events: (PixyEvent | GrantEvent)[] = [];
  const sent: string[] = [];
  const provider: SessionsWorld["provider"] = { answer: () => Response.json(granted) };
  const settings = settingsWith({
    now,
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      sent.push(await new Request(input, init).text());
      return provider.answer();
    },
    ...options,
  });
  const sessions = make(settings, now, (event) => void events.push(event));
  const cookieOf = (session: OpenSession<undefined>) =>
    cookiePairs(sessionCookies(settings, sessions.issue(session), []));
  return {
    ...{ clock, events, sent, provider, settings, sessions, cookieOf },
    async logIn(change = {}) {
      const { fence: _fence, warned: _warned, ...login } = contentWith({ createdAt: clock.at, ...change });
      const session = await sessions.create(login);
      return { session, cookie: cookieOf(session) };
    },
  };
}

/** Asks for a refresh of a session whose token has expired, and holds the provider's answer back. */
async function refreshOnItsWay(
  { clock, provider, sent, sessions }: SessionsWorld,
  session: OpenSession<undefined>,
): Promise<{ readonly outcome: ReturnType<Sessions<undefined>["refresh"]>; answer(response: Response): void }> {
  clock.at += hour;
  let answer: (response: Response) => void = () => {};
  const held = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  provider.answer = () => held;
  const outcome = sessions.refresh(session);
  await expect.poll(() => sent).toHaveLength(1);
  return { outcome, answer };
}

/** What all kinds of session promise. */
export function describeSessions(kind: string, make: MakeSessions, telling: Telling = own): void {
  const world = (options?: Partial<PixyOptions<undefined>>) => sessionsWorld(make, options);

  describe(`a session ${kind}`, () => {
    it("is found again by the cookie that was issued for it", async () => {
      const { sessions, logIn } = world();
      const { session, cookie } = await logIn();
      expect(await sessions.find(cookie)).toEqual({
        ...nobody,
        session: expect.objectContaining({ id: session.id, key: session.key, fence: 0, view: session.view }),
      });
    });

    it("is nobody's without a cookie of ours, at once, and nothing is told", () => {
      const { sessions, events } = world();
      const others = [null, "", "theme=dark", "x__Host-pixy=1", "__Host-pixy-login-abcdefghijkl=x"];
      for (const header of others) expect(sessions.find(header)).toEqual(nobody);
      expect(events).toEqual([]);
    });

    it("is no other person's", async () => {
      const { sessions, logIn } = world();
      const first = await logIn();
      const second = await logIn({ id: "B".repeat(43) });
      await sessions.delete(first.session);
      expect((await sessions.find(second.cookie)).session).toMatchObject({ id: second.session.id });
      expect((await sessions.find(first.cookie)).session).toBeNull();
    });

    it("is refreshed once, however many ask at once, and all have the result", async () => {
      const { sessions, logIn, clock, sent, events } = world();
      const { session } = await logIn();
      clock.at += hour;
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => sessions.refresh(session)));
      expect(sent).toEqual(["client_id=client-of-the-app&grant_type=refresh_token&refresh_token=refresh"]);
      expect(new Set(outcomes).size).toBe(1);
      expect(outcomes[0]).toMatchObject({ outcome: "refreshed", session: { tokens: { accessToken: "newer" } } });
      expect(events).toEqual([telling.refreshed(session)]);
    });

    it("is its successor for a request that comes late with the cookie of before", async () => {
      const { sessions, logIn, clock, sent } = world();
      const { session, cookie } = await logIn();
      clock.at += hour;
      const outcome = await sessions.refresh(session);
      clock.at += 59_999;
      const found = await sessions.find(cookie);
      expect(found).toMatchObject({ session: { tokens: { accessToken: "newer" } }, clear: false });
      expect(found.renew).toBe(sessions.refreshNeedsCookie);
      expect(await sessions.refresh(session)).toMatchObject({ session: { tokens: { accessToken: "newer" } } });
      expect([sent.length, outcome.outcome]).toEqual([1, "refreshed"]);
    });

    it("is refreshed again, under a higher fence", async () => {
      const { sessions, logIn, clock, sent } = world();
      let { session } = await logIn();
      for (let count = 1; count <= 5; count++) {
        clock.at += hour;
        const outcome = await sessions.refresh(session);
        if (outcome.outcome !== "refreshed") throw new Error(outcome.outcome);
        expect(outcome.session.fence).toBeGreaterThan(session.fence);
        session = outcome.session;
      }
      expect(sent).toHaveLength(5);
    });

    it("is kept where the provider is down, which is left alone for a while", async () => {
      const { sessions, logIn, clock, sent, provider, cookieOf } = world();
      const { session, cookie } = await logIn();
      clock.at += hour;
      provider.answer = () => new Response(null, { status: 503 });
      expect(await sessions.refresh(session)).toMatchObject({ wait: expect.any(Number) });
      expect(await sessions.find(cookie)).toMatchObject({ session: { id: session.id }, clear: false });
      const asked = sent.length;
      expect(await sessions.refresh(session)).toMatchObject({ outcome: "unavailable" });
      expect(sent).toHaveLength(asked);
      provider.answer = () => Response.json(granted);
      clock.at += 10_000;
      const outcome = await sessions.refresh(session);
      expect(outcome).toMatchObject({ outcome: "refreshed" });
      if (outcome.outcome === "refreshed")
        expect(await sessions.find(cookieOf(outcome.session))).toMatchObject({ renew: false });
    });

    it("has ended where the provider refuses its token, and is told so for a day", async () => {
      const { sessions, logIn, clock, events, sent, provider } = world();
      const { session, cookie } = await logIn();
      clock.at += hour;
      provider.answer = refusal;
      expect(await sessions.refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
      expect(await sessions.refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
      expect(events).toEqual([telling.ended(session)]);
      clock.at += day - 1;
      expect(await sessions.find(cookie)).toMatchObject({ ...nobody, clear: true, ended: true });
      expect(sent).toHaveLength(1);
    });

    it("is gone once it was deleted, from every copy of its cookie", async () => {
      const { sessions, logIn, clock, cookieOf } = world();
      const { session, cookie } = await logIn();
      clock.at += hour;
      const outcome = await sessions.refresh(session);
      if (outcome.outcome !== "refreshed") throw new Error(outcome.outcome);
      const newer = cookieOf(outcome.session);
      await sessions.delete(session);
      for (const at of [0, 60_000, 23 * hour]) {
        clock.at = moment + hour + at;
        for (const copy of [cookie, newer]) {
          expect(await sessions.find(copy)).toMatchObject({ session: null, ended: false });
        }
      }
      expect(await sessions.refresh(session)).toEqual({ outcome: "ended", reason: "gone" });
    });

    it("stays deleted where a refresh was on its way", async () => {
      const w = world();
      const { session, cookie } = await w.logIn();
      const refresh = await refreshOnItsWay(w, session);
      await w.sessions.delete(session);
      refresh.answer(Response.json(granted));
      expect(await refresh.outcome).toEqual({ outcome: "ended", reason: "gone" });
      expect((await w.sessions.find(cookie)).session).toBeNull();
    });

    it("stays deleted where the provider's no was on its way, and nothing more is told", async () => {
      const w = world();
      const { session, cookie } = await w.logIn();
      const refresh = await refreshOnItsWay(w, session);
      await w.sessions.delete(session);
      refresh.answer(refusal());
      expect(await refresh.outcome).toMatchObject({ outcome: "ended", reason: "gone" });
      expect(await w.sessions.find(cookie)).toMatchObject({ session: null, ended: false });
      expect(w.events.filter((event) => "session" in event)).toEqual([]);
    });

    it("has its data changed beside a refresh: neither is lost, and no token is asked for twice", async () => {
      const w = world();
      const { session, cookie } = await w.logIn();
      const refresh = await refreshOnItsWay(w, session);
      const changed = w.sessions.update(session, { theme: "dark" });
      refresh.answer(Response.json(granted));
      const both = { data: { theme: "dark" }, tokens: { accessToken: "newer" } };
      const [, updated] = await Promise.all([refresh.outcome, changed]);
      expect([updated, (await w.sessions.find(cookie)).session]).toMatchObject([
        { data: both.data, view: { data: both.data } },
        both,
      ]);
      expect(w.sent).toHaveLength(1);
    });

    it("has members of its data changed one after another and at once, and taken away", async () => {
      const { sessions, logIn, cookieOf } = world();
      const { session, cookie } = await logIn();
      await Promise.all(["a", "b", "c"].map((name) => sessions.update(session, { [name]: 1 })));
      const updated = await sessions.update(session, { a: undefined, b: 2 });
      for (const copy of [cookie, cookieOf(updated)]) {
        expect((await sessions.find(copy)).session?.data).toEqual({ b: 2, c: 1 });
      }
    });

    it("keeps its data where the change is none, and is not brought back by one", async () => {
      const { sessions, logIn, cookieOf } = world();
      const { session, cookie } = await logIn();
      for (const change of [null, "dark", ["dark"], { at: 1n }]) {
        await expect(sessions.update(session, change)).rejects.toMatchObject({
          code: "invalid_option",
          option: "data",
        });
      }
      const updated = await sessions.update(session, { theme: "dark" });
      await sessions.delete(updated);
      await expect(sessions.update(updated, { theme: "light" })).rejects.toMatchObject({ code: "login_required" });
      for (const copy of [cookie, cookieOf(updated)]) expect((await sessions.find(copy)).session).toBeNull();
    });

    it("is told of a provider that is down, or says no, after its data was changed as before", async () => {
      const { sessions, logIn, clock, sent, provider, cookieOf } = world();
      const { session } = await logIn();
      clock.at += hour;
      provider.answer = () => Response.json({ error: "access_denied" }, { status: 400 });
      expect(await sessions.refresh(session)).toMatchObject({ outcome: "refused" });
      const updated = await sessions.update(session, { theme: "dark" });
      expect(await sessions.refresh(updated)).toMatchObject({ outcome: "refused" });
      expect(await sessions.find(cookieOf(updated))).toMatchObject({ reauthNeeded: true });
      expect(sent).toHaveLength(1);
    });

    it("ends when nobody comes for the idle time", async () => {
      const { sessions, logIn, clock } = world();
      const visited = await logIn();
      const left = await logIn({ id: "B".repeat(43) });
      clock.at += 30 * day - 1;
      expect((await sessions.find(visited.cookie)).session).not.toBeNull();
      clock.at += 1;
      expect((await sessions.find(left.cookie)).session).toBeNull();
    });

    it("lives on while somebody comes, up to its absolute end", async () => {
      const { sessions, logIn, clock, cookieOf } = world();
      let { cookie } = await logIn();
      for (let visit = 0; visit < 18; visit++) {
        clock.at += 20 * day;
        const { session, renew } = await sessions.find(cookie);
        expect(session).not.toBeNull();
        if (session !== null && renew) cookie = cookieOf(session);
      }
      clock.at = moment + 365 * day - 1;
      expect((await sessions.find(cookie)).session).not.toBeNull();
      clock.at += 1;
      expect((await sessions.find(cookie)).session).toBeNull();
    });

    it("is told of where its cookie is broken, and the cookie cleared", () => {
      const { sessions, events } = world();
      expect(sessions.find("__Host-pixy=a; __Host-pixy=b")).toEqual({ ...nobody, clear: true });
      expect(events).toEqual([expect.objectContaining({ type: "cookie.rejected" })]);
    });
  });
}

/** What a kind of session promises that has a grant of its own. */
export function describeOwnGrants(kind: string, make: MakeSessions): void {
  it(`a session ${kind} that is deleted is told as it was last, whoever has renewed it meanwhile`, async () => {
    const { sessions, logIn, clock } = sessionsWorld(make);
    const { session } = await logIn();
    clock.at += hour;
    await sessions.refresh(session);
    expect(await sessions.delete(session)).toMatchObject({ tokens: { refreshToken: "newer-refresh" } });
    expect((await sessions.delete(session)).tokens).toEqual(session.tokens);
  });

  it(`a session ${kind} that was deleted while a refresh was on its way has its new tokens revoked`, async () => {
    const revocationEndpoint = "https://accounts.spotify.com/revoke";
    const w = sessionsWorld(make, { provider: defineProvider({ ...spotify, revocationEndpoint }) });
    const { session } = await w.logIn();
    const refresh = await refreshOnItsWay(w, session);
    await w.sessions.delete(session);
    refresh.answer(Response.json(granted));
    await expect.poll(() => w.sent).toHaveLength(2);
    expect(new URLSearchParams(w.sent[1]).get("token")).toBe("newer-refresh");
  });
}
