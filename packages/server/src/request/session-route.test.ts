import { describe, expect, it } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { cookiePairs } from "../../test/cookie-pairs.ts";
import { incoming, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import { sessionCookies } from "../session/session-cookie.ts";
import type { PixyEvent } from "../settings/events.ts";
import type { PixyOptions } from "../settings/options.ts";
import { deliver } from "./deliver.ts";
import { Handle } from "./handle.ts";
import { sessionRoute } from "./session-route.ts";

function world(options: Partial<PixyOptions<{ name: string }>> = {}) {
  const clock = { at: moment };
  const events: PixyEvent[] = [];
  const settings = settingsWith<{ name: string }>({
    now: () => clock.at,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const sessions = createSessions(settings);
  return {
    ...{ clock, events },
    async loggedIn() {
      const session = await sessions.create(contentWith({ data: { name: "Ada" } }));
      return cookiePairs(sessionCookies(settings, sessions.issue(session), []));
    },
    get(cookie?: string, headers: Record<string, string> = {}) {
      const request = incoming("/auth/session", { ...headers, ...(cookie === undefined ? {} : { cookie }) });
      const handle = new Handle(settings, sessions, request);
      return deliver(handle, sessionRoute(settings, handle));
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

  it("has what the app says that pages may know, up to 4 kB, and one warning of more", async () => {
    const { get, loggedIn } = world({ publicData: true });
    expect(await (await get(await loggedIn())).json()).toMatchObject({ data: { name: "Ada" } });
    const large = world({ publicData: () => ({ name: "ä".repeat(2_100) }) });
    const cookie = await large.loggedIn();
    for (const _ of [1, 2])
      expect(await (await large.get(cookie)).json()).toMatchObject({ loggedIn: true, data: null });
    expect(large.events.filter(({ type }) => type === "set-up.warning")).toEqual([
      expect.objectContaining({ code: "public_data_too_large" }),
    ]);
    const nothing = world({ publicData: () => null });
    expect(await (await nothing.get(await nothing.loggedIn())).json()).toMatchObject({ data: null });
  });

  it("tells fetches of other origins that nobody is there, unless the app trusts them", async () => {
    const { get, loggedIn } = world({ trustedOrigins: ["https://friend.example"] });
    const cookie = await loggedIn();
    const fetched = { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };
    const said = async (headers: Record<string, string>) => {
      const answer = await get(cookie, headers);
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      return ((await answer.json()) as { loggedIn: boolean }).loggedIn;
    };
    for (const site of ["cross-site", "same-site"]) {
      expect(await said({ ...fetched, "sec-fetch-site": site })).toBe(false);
      expect(await said({ "sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" })).toBe(
        false,
      );
      const friend = { ...fetched, "sec-fetch-site": site, origin: "https://friend.example" };
      expect(await said(friend)).toBe(true);
    }
    expect(await said({ origin: "https://evil.example" })).toBe(false);
    expect(await said({ ...fetched, "sec-fetch-site": "same-origin" })).toBe(true);
    expect(await said({})).toBe(true);
    expect(
      await said({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }),
    ).toBe(true);
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
