import type { RecordStore } from "@pixy/grants";
import { memoryStore } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { contentWith, moment, tokensWith } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import { readCookies } from "../web/cookies.ts";
import { cookieStore } from "./cookie-store.ts";
import { createSessions } from "./sessions.ts";

const { fence: _fence, warned: _warned, ...login } = contentWith();
const day = 86_400_000;

function world(where: "cookie" | "memory", change: Partial<RecordStore> = {}) {
  const clock = { at: moment };
  const now = () => clock.at;
  const store = { ...(where === "cookie" ? cookieStore({ now }) : memoryStore({ now })), ...change };
  return { clock, store, sessions: createSessions(settingsWith({ store, now })) };
}

const cookieOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf(";"))).join("; ");
const maxAgeOf = (line = "") => Number(/Max-Age=(\d+)/.exec(line)?.[1]);

describe.each(["cookie", "memory"] as const)("sessions, kept in %s", (where) => {
  it("are found again by the cookies that they set", async () => {
    const { sessions } = world(where);
    const session = await sessions.create(login);
    const found = await sessions.find(cookieOf(sessions.setCookies(session, [])));
    expect(found).toMatchObject({
      session: { id: login.id, fence: 0, view: session.view },
      renew: false,
      clear: false,
    });
  });

  it("are gone once they are deleted, for this process whatever the browser brings", async () => {
    const { sessions } = world(where);
    const session = await sessions.create(login);
    const cookie = cookieOf(sessions.setCookies(session, []));
    await sessions.delete(session);
    expect((await sessions.find(cookie)).session).toBeNull();
  });

  it("say 503 where the store is away as they are made or deleted", async () => {
    const away = () => Promise.reject(new Error("away"));
    const { sessions } = world(where, { create: away, delete: away });
    await expect(sessions.create(login)).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
    const working = world(where);
    const session = await working.sessions.create(login);
    await expect(sessions.delete(session)).rejects.toMatchObject({ code: "store_unavailable" });
  });

  it("clear the cookies that the request has brought", async () => {
    const { sessions } = world(where);
    const lines = sessions.setCookies(await sessions.create(login), []);
    const cleared = sessions.clearCookies(readCookies(cookieOf(lines), "__Host-pixy"));
    expect(cleared).toEqual([expect.stringMatching(/^__Host-pixy=; Max-Age=0;/)]);
  });
});

describe("the session's cookie", () => {
  it("is the sealed session for the idle time, or its id until the absolute end", async () => {
    const sealed = world("cookie").sessions;
    const [inCookie] = sealed.setCookies(await sealed.create(login), []);
    expect(inCookie).toMatch(/^__Host-pixy=[\w.~-]{200,};/);
    expect(maxAgeOf(inCookie)).toBe(30 * 86_400);
    const stored = world("memory").sessions;
    const [id] = stored.setCookies(await stored.create(login), []);
    expect(id).toMatch(new RegExp(`^__Host-pixy=${login.id};`));
    expect(maxAgeOf(id)).toBe(365 * 86_400);
  });

  it("never lives longer than the session", async () => {
    const { sessions, clock } = world("memory");
    const session = await sessions.create(login);
    clock.at += 364.5 * day;
    expect(maxAgeOf(sessions.setCookies(session, [])[0])).toBe(43_200);
    clock.at += day;
    expect(maxAgeOf(sessions.setCookies(session, [])[0])).toBe(1);
  });
});

describe("the newest session", () => {
  it("is not one that was deleted, or refreshed, while the answer was on its way", async () => {
    const { sessions, store } = world("cookie");
    const session = await sessions.create({ ...login, tokens: tokensWith() });
    expect(sessions.isNewest(session)).toBe(true);
    await store.acquire(session.key, { lease: 1_000, intent: 1_000, carried: session.carried });
    await store.commit(session.key, 1, "newer", day);
    expect(sessions.isNewest(session)).toBe(false);
    await sessions.delete(session);
    expect(sessions.isNewest(session)).toBe(false);
  });

  it("is any, where the cookie is only an id", async () => {
    const { sessions } = world("memory");
    const session = await sessions.create(login);
    await sessions.delete(session);
    expect(sessions.isNewest(session)).toBe(true);
  });
});
