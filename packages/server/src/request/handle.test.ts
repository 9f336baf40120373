import { memoryStore } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { contentWith, moment, tokensWith } from "../../test/content.ts";
import { incoming, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import type { SessionContent } from "../session/session.ts";
import { sessionCookies } from "../session/session-cookie.ts";
import type { PixyEvent } from "../settings/events.ts";
import { Handle } from "./handle.ts";
import type { RequestContext } from "./request-handle.ts";

const hour = 3_600_000;
const granted = { access_token: "newer", token_type: "Bearer", expires_in: 3600, refresh_token: "newer-refresh" };
const refusal = () => Response.json({ error: "invalid_grant" }, { status: 400 });
const down = () => new Response(null, { status: 503 });

function world(where: "cookie" | "memory", answer: () => Response = () => Response.json(granted)) {
  const clock = { at: moment };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const sent: string[] = [];
  const settings = settingsWith({
    now,
    ...(where === "memory" ? { store: memoryStore({ now }) } : {}),
    onEvent: (event) => void events.push(event),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request.url);
      if (request.url.startsWith("https://api.")) return new Response(request.headers.get("authorization"));
      return answer();
    },
  });
  const sessions = createSessions(settings);
  return {
    clock,
    events,
    sent,
    /** The Cookie header of somebody who logs in now. */
    async loggedIn(change: Partial<SessionContent<undefined>> = {}) {
      const session = await sessions.create(contentWith(change));
      return `theme=dark; ${(sessionCookies(settings, sessions.issue(session), [])[0] ?? "").split(";")[0]}`;
    },
    open: (cookie?: string, context?: RequestContext) =>
      new Handle(settings, sessions, incoming("/me", cookie === undefined ? {} : { cookie }), context),
  };
}

const setCookies = (handle: Handle<undefined>) =>
  handle.takeResponseHeaders().flatMap(([name, line]) => (name === "set-cookie" ? [line] : []));
const clearing = expect.stringMatching(/^__Host-pixy=; Max-Age=0;/);

describe("a handle", () => {
  it("does nothing before it is asked, and adds nothing to an answer that did not depend on it", async () => {
    const { open, loggedIn } = world("cookie");
    const handle = open(await loggedIn());
    expect([handle.takeResponseHeaders(), handle.forwardedCookieHeader()]).toEqual([[], null]);
    await handle.session();
    expect(handle.takeResponseHeaders()).toEqual([
      ["cache-control", "private, no-store"],
      ["vary", "Cookie"],
    ]);
    expect(handle.takeResponseHeaders()).toEqual([]);
  });

  it("changes the session's data, for this request, for its answer and for those to come", async () => {
    for (const where of ["cookie", "memory"] as const) {
      const { open, loggedIn } = world(where);
      const cookie = await loggedIn();
      const handle = open(cookie);
      const updated = await handle.update({ theme: "dark" } as never);
      expect([updated.data, handle.current.data]).toEqual([{ theme: "dark" }, { theme: "dark" }]);
      const lines = setCookies(handle);
      expect(lines).toHaveLength(where === "cookie" ? 1 : 0);
      const next = open(lines[0]?.split(";")[0] ?? cookie);
      expect((await next.session())?.data).toEqual({ theme: "dark" });
    }
    await expect(
      world("cookie")
        .open()
        .update({} as never),
    ).rejects.toMatchObject({ code: "login_required" });
  });

  it("changes nothing where the cookie that it takes cannot be set", async () => {
    const noCookies = { canSetCookies: () => false };
    const { open, loggedIn } = world("cookie");
    const cookie = await loggedIn();
    await expect(open(cookie, noCookies).update({ theme: "dark" } as never)).rejects.toMatchObject({
      ...{ code: "refresh_needed", status: 503, message: "The session cannot be changed here." },
    });
    expect((await open(cookie).session())?.data).toBeUndefined();
    const stored = world("memory");
    expect((await stored.open(await stored.loggedIn(), noCookies).update({ theme: "dark" } as never)).data).toEqual({
      theme: "dark",
    });
  });

  it("keeps a change whose headers leave meanwhile, until the browser comes back", async () => {
    const { open, loggedIn, clock } = world("cookie");
    const cookie = await loggedIn();
    let asked = 0;
    await open(cookie, { canSetCookies: () => asked++ === 0 }).update({ theme: "dark" } as never);
    clock.at += 5 * hour;
    expect((await open(cookie).session())?.data).toEqual({ theme: "dark" });
  });

  it("knows nobody where nobody is logged in", async () => {
    const handle = world("cookie").open();
    expect(await handle.session()).toBeNull();
    expect([await handle.signedIn(), await handle.hasScope()]).toEqual([null, false]);
    expect(await handle.scopes()).toEqual({ asked: [], granted: [] });
    expect(() => handle.current).toThrow(expect.objectContaining({ code: "login_required" }));
    for (const asked of [handle.requireSession(), handle.accessToken(), handle.fetch("/v1/me")]) {
      await expect(asked).rejects.toMatchObject({ code: "login_required", status: 401 });
    }
  });

  it("is a login where somebody is", async () => {
    const { open, loggedIn, sent } = world("cookie");
    const handle = open(await loggedIn({ asked: ["user-read-private", "streaming"] }));
    const login = await handle.signedIn();
    expect(login?.current).toEqual(await handle.session());
    expect(login?.reauthDueAt).toEqual(new Date(moment + 180 * 24 * hour));
    expect(await handle.accessToken()).toBe("access");
    expect([await handle.hasScope("user-read-private"), await handle.hasScope("streaming")]).toEqual([true, false]);
    expect(await handle.scopes()).toEqual({
      asked: ["user-read-private", "streaming"],
      granted: ["user-read-private"],
    });
    expect(sent).toEqual([]);
  });

  it("fetches with a token that works", async () => {
    const { open, loggedIn, clock, sent } = world("cookie");
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await (await handle.fetch("/v1/me")).text()).toBe("Bearer newer");
    expect(sent).toEqual(["https://accounts.spotify.com/api/token", "https://api.spotify.com/v1/me"]);
  });
});

describe("a handle whose token has expired", () => {
  it("gives the refreshed session to the browser, and to what runs later in this request", async () => {
    const { open, loggedIn, clock } = world("cookie");
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await handle.accessToken()).toBe("newer");
    const forwarded = handle.forwardedCookieHeader() ?? "";
    expect(forwarded).toMatch(/^theme=dark; __Host-pixy=/);
    expect(setCookies(handle)).toEqual([expect.stringMatching(/^__Host-pixy=[\w.~-]+; Max-Age=2592000;/)]);
    expect(await open(forwarded).accessToken()).toBe("newer");
  });

  it("needs no new cookie where the store keeps the session", async () => {
    const { open, loggedIn, clock } = world("memory");
    const handle = open(await loggedIn(), { canSetCookies: () => false });
    clock.at += hour;
    expect(await handle.accessToken()).toBe("newer");
    expect(setCookies(handle)).toEqual([]);
  });

  it("spends no refresh token whose successor no cookie can carry", async () => {
    const { open, loggedIn, clock, sent } = world("cookie");
    const cookie = await loggedIn();
    const readOnly = () => open(cookie, { canSetCookies: () => false });
    clock.at += hour - 1;
    expect(await readOnly().accessToken()).toBe("access");
    clock.at += 1;
    await expect(readOnly().accessToken()).rejects.toMatchObject({ code: "refresh_needed", status: 503 });
    expect(sent).toEqual([]);
  });

  it("keeps the session while the provider is down, and uses the token as long as it works", async () => {
    const { open, loggedIn, clock } = world("cookie", down);
    const cookie = await loggedIn();
    clock.at += hour - 1;
    expect(await open(cookie).accessToken()).toBe("access");
    clock.at += 60_000;
    const late = open(cookie);
    await expect(late.accessToken()).rejects.toMatchObject({ code: "provider_unavailable", status: 503 });
    await expect(late.signedIn()).rejects.toMatchObject({ code: "provider_unavailable" });
    expect([await late.session(), setCookies(late)]).toEqual([expect.objectContaining({ id: "DwBzhbb5" }), []]);
  });

  it("ends with the login where the provider refuses the refresh token", async () => {
    const { open, loggedIn, clock, events } = world("cookie", refusal);
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await handle.signedIn()).toBeNull();
    await expect(handle.accessToken()).rejects.toMatchObject({ code: "reauth_required", status: 401 });
    expect(handle.forwardedCookieHeader()).toBe("theme=dark");
    expect(setCookies(handle)).toEqual([clearing]);
    expect(events.filter(({ type }) => type === "session.ended")).toHaveLength(1);
  });

  it("ends without a question where there is no refresh token", async () => {
    const { open, loggedIn, clock, sent, events } = world("cookie");
    const handle = open(await loggedIn({ tokens: tokensWith({ refreshToken: null }) }));
    clock.at += hour - 1;
    expect(await handle.accessToken()).toBe("access");
    clock.at += 1;
    await expect(handle.accessToken()).rejects.toMatchObject({ code: "reauth_required" });
    expect([setCookies(handle), sent]).toEqual([[clearing], []]);
    expect(events).toEqual([{ type: "session.ended", session: "DwBzhbb5", reason: "refused" }]);
  });
});

describe.each(["cookie", "memory"] as const)("the end of a session kept in %s", (where) => {
  it("clears its cookie, and an old copy of it opens nothing", async () => {
    const { open, loggedIn, events } = world(where);
    const cookie = await loggedIn();
    const handle = open(cookie);
    await handle.end("logout");
    expect([await handle.session(), setCookies(handle)]).toEqual([null, [clearing]]);
    expect(await open(cookie).session()).toBeNull();
    expect(events).toEqual([{ type: "session.ended", session: "DwBzhbb5", reason: "logout" }]);
  });

  it("stands, whatever a refresh of the same request brings", async () => {
    const { open, loggedIn, clock } = world(where);
    const handle = open(await loggedIn());
    clock.at += hour;
    const refreshing = handle.accessToken().catch(() => {});
    await handle.session();
    await handle.end("logout");
    await refreshing;
    expect([await handle.session(), setCookies(handle)]).toEqual([null, [clearing]]);
  });

  it("brings no cookie where another login takes its place", async () => {
    const { open, loggedIn, clock } = world(where);
    const handle = open(await loggedIn());
    clock.at += hour;
    await handle.accessToken();
    await handle.end("replaced");
    expect([await handle.session(), setCookies(handle)]).toEqual([null, []]);
  });

  it("takes no cookie from a login that came while an answer was on its way", async () => {
    const { open, loggedIn } = world(where);
    // One that leads nowhere and is cleared, in either kind.
    const dead = "__Host-pixy=a; __Host-pixy=b";
    const [late, quick] = [open(dead), open(dead)];
    expect([await late.session(), await quick.session()]).toEqual([null, null]);
    expect(setCookies(quick)).toEqual([clearing]);
    await loggedIn();
    expect([setCookies(late), setCookies(late)]).toEqual([[], []]);
    await late.end("logout");
    expect(setCookies(late)).toEqual([]);
  });

  it("ends nobody's where nobody is logged in", async () => {
    const { open, events } = world(where);
    await open("theme=dark").end("logout");
    expect(events).toEqual([]);
  });
});
