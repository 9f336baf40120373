import { describe, expect, it } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { incoming, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import { sessionCookies } from "../session/session-cookie.ts";
import { deliver } from "./deliver.ts";
import { Handle } from "./handle.ts";
import { sessionRoute } from "./session-route.ts";

function world() {
  const clock = { at: moment };
  const settings = settingsWith<{ name: string }>({ now: () => clock.at });
  const sessions = createSessions(settings);
  return {
    clock,
    async loggedIn() {
      const session = await sessions.create(contentWith({ data: { name: "Ada" } }));
      return (sessionCookies(settings, sessions.issue(session), [])[0] ?? "").split(";")[0] ?? "";
    },
    get(cookie?: string) {
      const request = incoming("/auth/session", cookie === undefined ? {} : { cookie });
      const handle = new Handle(settings, sessions, request);
      return deliver(handle, sessionRoute(handle));
    },
  };
}

describe("the session route", () => {
  it("says that nobody is logged in", async () => {
    const answer = await world().get();
    expect([answer.status, await answer.json()]).toEqual([200, { loggedIn: false }]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  it("says what a page may know of the login: no token, and not the app's own data", async () => {
    const { get, loggedIn } = world();
    const answer = await get(await loggedIn());
    expect(await answer.json()).toEqual({
      loggedIn: true,
      id: expect.stringMatching(/^[\w-]{8}$/),
      clientId: "client-of-the-app",
      scope: ["user-read-private"],
      expiresAt: "2026-01-01T01:00:00.000Z",
      authorizedAt: "2026-01-01T00:00:00.000Z",
      reauthDueAt: "2026-06-30T00:00:00.000Z",
      createdAt: "2026-01-01T00:00:00.000Z",
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it("gives the cookie anew where that is due, and clears one that leads nowhere", async () => {
    const { get, loggedIn, clock } = world();
    const cookie = await loggedIn();
    clock.at += 10 * 86_400_000;
    expect((await get(cookie)).headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-pixy=[\w.~-]+;/)]);
    clock.at += 30 * 86_400_000;
    const ended = await get(cookie);
    expect(await ended.json()).toEqual({ loggedIn: false });
    expect(ended.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-pixy=; Max-Age=0;/)]);
  });
});
