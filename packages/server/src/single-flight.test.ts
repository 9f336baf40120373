import { afterEach, describe, expect, it, vi } from "vitest";
import { contentWith, moment } from "../test/content.ts";
import { settingsWith } from "../test/settings.ts";
import type { PixyEvent } from "./events.ts";
import { memoryStore } from "./memory-store.ts";
import type { OpenSession } from "./session.ts";
import { createSessionSeal } from "./session-seal.ts";
import type { SessionStore } from "./session-store.ts";
import { createRefresh } from "./single-flight.ts";
import { storeKey } from "./store-key.ts";
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
  readonly store?: Partial<SessionStore>;
}

function world({ answer = () => Response.json(granted), store: change = {} }: Input = {}) {
  const clock = { at: moment + 3_600_000 };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const sent: string[] = [];
  const store: SessionStore = { ...memoryStore({ now }), ...change };
  const settings = settingsWith({
    now,
    store,
    session: { idle: 365 * 86_400 },
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      sent.push(await new Request(input, init).text());
      return answer();
    },
  });
  const seal = createSessionSeal(settings);
  return {
    clock,
    events,
    sent,
    refresh: createRefresh(settings, seal, createUnsavedSessions(settings)),
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
  it("is one token request, however many ask at once, and all get its result", async () => {
    const { refresh, sent, events, loggedIn } = world();
    const session = await loggedIn();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => refresh(session)));
    expect(sent).toEqual(["client_id=client-of-the-app&grant_type=refresh_token&refresh_token=refresh"]);
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ session: { fence: 1, tokens: { accessToken: "newer-access" } } });
    expect(events).toEqual([{ type: "tokens.refreshed", session: session.view.id, rotated: true }]);
  });

  it("costs whoever comes late with the old session no second request", async () => {
    const { refresh, sent, loggedIn } = world();
    const session = await loggedIn();
    await refresh(session);
    expect(await refresh(session)).toMatchObject({ outcome: "refreshed", session: { fence: 1 } });
    expect(sent).toHaveLength(1);
  });

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

describe("what a refresh tells", () => {
  it("is the end of a session, once", async () => {
    const { refresh, events, loggedIn } = world({
      answer: () => Response.json({ error: "invalid_grant" }, { status: 400 }),
    });
    const session = await loggedIn();
    expect(await refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(await refresh(session)).toMatchObject({ outcome: "ended", reason: "refused" });
    expect(events).toEqual([{ type: "session.ended", session: session.view.id, reason: "refused" }]);
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
});
