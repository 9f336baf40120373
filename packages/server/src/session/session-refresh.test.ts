import { defineProvider, type Provider } from "@pixy/core";
import type { RecordStore } from "@pixy/grants";
import { memoryStore, processState, Recent, storeKey } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import type { OpenSession } from "./session.ts";
import { createRefresh } from "./session-refresh.ts";
import { createSessionSeal } from "./session-seal.ts";
import { createUnsavedSessions } from "./unsaved-sessions.ts";

const day = 86_400_000;
const granted = {
  access_token: "newer-access",
  token_type: "Bearer",
  expires_in: 3600,
  refresh_token: "newer-refresh",
};

interface Input {
  readonly answer?: () => Response | Promise<Response>;
  readonly store?: Partial<RecordStore>;
  readonly provider?: Provider;
}

function world({ answer = () => Response.json(granted), store: change = {}, provider = spotify }: Input = {}) {
  const clock = { at: moment + 3_600_000 };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const sent: string[] = [];
  const store: RecordStore = { ...memoryStore({ now }), ...change };
  const settings = settingsWith({
    now,
    provider,
    session: { idle: 365 * 86_400 },
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      sent.push(await new Request(input, init).text());
      return answer();
    },
  });
  const seal = createSessionSeal(settings, {
    ...{ purpose: "record", bindsKey: true, expiresAt: ({ createdAt }) => createdAt + settings.absolute },
  });
  return {
    clock,
    events,
    sent,
    seal,
    refresh: createRefresh(settings, {
      ...{ store: () => store, seal, keepUnsaved: createUnsavedSessions(settings, store).keep },
    }),
    async loggedIn(id = "A".repeat(43)): Promise<OpenSession<undefined>> {
      const key = await storeKey(id);
      const { session, sealed, ttl } = await seal.seal(contentWith({ id }), key);
      await store.create(key, sealed, ttl);
      return session;
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("the refresh of one session", () => {
  it("is no other session's", async () => {
    const { refresh, sent, loggedIn } = world();
    const sessions = await Promise.all([loggedIn(), loggedIn("B".repeat(43))]);
    const outcomes = await Promise.all(sessions.map((session) => refresh(session)));
    expect(sent).toHaveLength(2);
    expect(outcomes.map((found) => found.outcome === "refreshed" && found.session.id)).toEqual(
      sessions.map(({ id }) => id),
    );
  });

  it("outlives the request that has caused it", async () => {
    const { refresh, loggedIn } = world();
    const kept: Promise<unknown>[] = [];
    const session = await loggedIn();
    const asked = [refresh(session, (flight) => void kept.push(flight)), refresh(session, () => expect.unreachable())];
    expect(kept).toHaveLength(1);
    expect(await kept[0]).toEqual(await asked[1]);
  });
});

describe("a refresh and the store", () => {
  it("remembers a dead session for a day, or until it would have ended, and forgets what was opened", async () => {
    const lifetimes: number[] = [];
    const end: RecordStore["end"] = (_key, _fence, ttl) => {
      lifetimes.push(ttl);
      return "committed";
    };
    const answer = () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const { refresh, seal, clock, loggedIn } = world({ answer, store: { end } });
    const session = await loggedIn();
    await refresh(session);
    expect(seal.recall(session.sealed)).toBeUndefined();
    clock.at = session.expiresAt - 1_000;
    await refresh(session);
    expect(lifetimes).toEqual([day, 1_000]);
  });

  it("revokes tokens that came for a session that was deleted meanwhile", async () => {
    const provider = defineProvider({ ...spotify, revocationEndpoint: "https://accounts.spotify.com/revoke" });
    const { refresh, sent, events, loggedIn } = world({ provider, store: { commit: () => "gone" } });
    expect(await refresh(await loggedIn())).toEqual({ outcome: "ended", reason: "gone" });
    await expect.poll(() => sent).toHaveLength(2);
    expect(new URLSearchParams(sent[1]).get("token")).toBe("newer-refresh");
    expect(events).toEqual([]);
  });

  it("waits a moment for another worker's lease", async () => {
    const answers = [{ state: "held", remaining: 1 } as const, { state: "gone" } as const];
    const { refresh, loggedIn } = world({ store: { acquire: () => answers.shift() ?? { state: "gone" } } });
    expect(await refresh(await loggedIn())).toEqual({ outcome: "ended", reason: "gone" });
    expect(answers).toEqual([]);
  });

  it("leaves no timer behind", async () => {
    const { refresh, loggedIn } = world();
    const session = await loggedIn();
    vi.useFakeTimers();
    await Promise.all([refresh(session), refresh(session), refresh(session)]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("what a refresh tells", () => {
  it("is the end of a session, once", async () => {
    const { refresh, events, loggedIn } = world({
      answer: () => Response.json({ error: "invalid_grant" }, { status: 400 }),
    });
    const session = await loggedIn();
    expect(await refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(await refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(events).toEqual([
      { type: "session.ended", session: session.view.id, reason: "refused", error: expect.anything() },
    ]);
  });

  it("is a failure with the pause that follows it, in which the provider is left alone", async () => {
    const { refresh, events, sent, loggedIn } = world({ answer: () => new Response(null, { status: 503 }) });
    const session = await loggedIn();
    const outcome = await refresh(session);
    expect(outcome).toMatchObject({ outcome: expect.stringMatching(/unavailable|unknown/), wait: expect.any(Number) });
    expect(events).toEqual([expect.objectContaining({ type: "refresh.failed", session: session.view.id })]);
    const before = sent.length;
    expect(await refresh(session)).toMatchObject({ outcome: "unavailable" });
    expect(sent).toHaveLength(before);
  });

  it("is a failure, too, where nobody knows whether the provider has acted", async () => {
    const { refresh, events, loggedIn } = world({ answer: () => Promise.reject(new TypeError("fetch failed")) });
    expect(await refresh(await loggedIn())).toMatchObject({ outcome: "unknown" });
    expect(events.map(({ type }) => type)).toEqual(["refresh.failed"]);
  });

  it("is nothing where the session was deleted before the provider's no", async () => {
    const answer = () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const { refresh, events, loggedIn } = world({ answer, store: { end: () => "gone" } });
    expect(await refresh(await loggedIn())).toMatchObject({ outcome: "ended", reason: "gone" });
    expect(events).toEqual([]);
  });

  it("is nothing where another worker's tokens stand", async () => {
    const taken: { sealed: string } = { sealed: "" };
    const { refresh, events, seal, loggedIn } = world({
      store: {
        commit: () => "superseded",
        read: () => ({ fence: 9, sealed: taken.sealed, ended: false, pause: 0, note: null, intents: [] }),
      },
    });
    const session = await loggedIn();
    taken.sealed = (await seal.seal({ ...session, fence: 9 }, session.key)).sealed;
    expect(await refresh(session)).toMatchObject({ outcome: "refreshed", session: { fence: 9 } });
    expect(events).toEqual([]);
  });

  it("is whether the refresh token is another one; a provider need not say how long it lasts", async () => {
    const { refresh_token: _, ...same } = granted;
    const { lifetime: __, ...refreshTokens } = spotify.refreshTokens;
    const provider = defineProvider({ ...spotify, refreshTokens });
    const { refresh, events, loggedIn } = world({ provider, answer: () => Response.json(same) });
    const session = await loggedIn();
    await refresh(session);
    expect(events).toEqual([{ type: "tokens.refreshed", session: session.view.id, rotated: false }]);
  });

  it("is the coming end of the authorization, once, 15 days ahead", async () => {
    const { refresh, events, clock, loggedIn } = world();
    let session = await loggedIn();
    for (const at of [164, 165, 166].map((days) => moment + days * day)) {
      clock.at = at;
      const outcome = await refresh(session);
      if (outcome.outcome === "refreshed") session = outcome.session;
    }
    const due = events.filter(({ type }) => type === "reauth.due");
    expect(due).toEqual([{ type: "reauth.due", session: session.view.id, dueAt: new Date(moment + 180 * day) }]);
    expect(session.warned).toBe(true);
  });

  it("is a session that could not be saved; its new token works all the same", async () => {
    const commit = () => Promise.reject(new Error("away"));
    const { refresh, events, loggedIn } = world({ store: { commit } });
    const session = await loggedIn();
    vi.useFakeTimers();
    expect(await refresh(session)).toMatchObject({ session: { tokens: { accessToken: "newer-access" } } });
    expect(events.map(({ type }) => type)).toEqual(["refresh.commit_failed", "tokens.refreshed"]);
  });
});

describe("a refresh whose worker was stopped", () => {
  it("holds up those that wait for 30 seconds; then the next one begins anew", async () => {
    let isStopped = true;
    const gone = { state: "gone" } as const;
    const { refresh, loggedIn } = world({ store: { acquire: () => (isStopped ? new Promise(() => {}) : gone) } });
    const session = await loggedIn();
    vi.useFakeTimers();
    void refresh(session);
    const waiting = refresh(session);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await waiting).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    isStopped = false;
    expect(await refresh(session)).toEqual({ outcome: "ended", reason: "gone" });
  });

  it("is remembered for two minutes at most: nobody may come who waits for it", async () => {
    const flights = processState("flights", () => new Recent<Promise<unknown>>(0));
    const { refresh, loggedIn } = world({ store: { acquire: () => new Promise(() => {}) } });
    const sessions = await Promise.all(["A", "B", "C"].map((letter) => loggedIn(letter.repeat(43))));
    vi.useFakeTimers();
    const before = flights.size;
    for (const session of sessions) {
      void refresh(session);
      await vi.advanceTimersByTimeAsync(120_000);
    }
    expect(flights.size).toBeLessThanOrEqual(before + 1);
  });
});
