import { describe, expect, it } from "vitest";
import { clearing, handleWorld, hour, setCookies } from "../../test/handle-world.ts";

describe("the session of a request", () => {
  it("is looked for once, and its Cookie header is read once", async () => {
    const { open, loggedIn } = handleWorld("cookie");
    let asked = 0;
    const { own } = open(await loggedIn(), {
      onRead: () => {
        asked++;
        return undefined;
      },
    });
    expect([own.found, own.isFinding, own.cookieHeader]).toEqual([null, false, null]);
    const found = await own.load();
    expect([await own.load(), own.found, (await own.open()).key]).toEqual([found, found, found.session?.key]);
    expect([asked, own.cookieHeader]).toEqual([1, expect.stringMatching(/^theme=dark; __Host-pixy=/)]);
  });

  it("keeps for the next request what was renewed in time and is told too late", async () => {
    const { open, loggedIn, clock, sent } = handleWorld("cookie");
    const cookie = await loggedIn();
    let isSent = false;
    const handle = open(cookie, { canSetCookies: () => !isSent });
    clock.at += hour;
    expect(await handle.accessToken()).toBe("newer");
    isSent = true;
    // Nobody reads it any more.
    handle.takeResponseHeaders();
    clock.at += 120_000;
    const next = open(cookie);
    expect([await next.accessToken(), sent.length]).toEqual(["newer", 1]);
  });

  it("takes no new cookie where none can be set", () => {
    const { open } = handleWorld("cookie");
    expect(open().own.canGiveCookie).toBe(true);
    expect(open(undefined, { canSetCookies: () => false }).own.canGiveCookie).toBe(false);
  });
});

describe.each(["cookie", "memory"] as const)("the end of a session kept in %s", (where) => {
  it("clears its cookie, and an old copy of it opens nothing", async () => {
    const { open, loggedIn, events } = handleWorld(where);
    const cookie = await loggedIn();
    const handle = open(cookie);
    await handle.own.end("logout");
    expect([await handle.session(), setCookies(handle)]).toEqual([null, [clearing]]);
    expect(await open(cookie).session()).toBeNull();
    expect(events).toEqual([{ type: "session.ended", session: "DwBzhbb5", reason: "logout" }]);
  });

  it("stands, whatever a refresh of the same request brings", async () => {
    const { open, loggedIn, clock } = handleWorld(where);
    const handle = open(await loggedIn());
    clock.at += hour;
    const refreshing = handle.accessToken().catch(() => {});
    await handle.session();
    await handle.own.end("logout");
    await refreshing;
    expect([await handle.session(), setCookies(handle)]).toEqual([null, [clearing]]);
  });

  it("brings no cookie where another login takes its place", async () => {
    const { open, loggedIn, clock } = handleWorld(where);
    const handle = open(await loggedIn());
    clock.at += hour;
    await handle.accessToken();
    await handle.own.end("replaced");
    expect([await handle.session(), setCookies(handle)]).toEqual([null, []]);
  });

  it("takes no cookie from a login that came while an answer was on its way", async () => {
    const { open, loggedIn } = handleWorld(where);
    // One that leads nowhere and is cleared, in either kind.
    const dead = "__Host-pixy=a; __Host-pixy=b";
    const [late, quick] = [open(dead), open(dead)];
    expect([await late.session(), await quick.session()]).toEqual([null, null]);
    expect(setCookies(quick)).toEqual([clearing]);
    await loggedIn();
    expect([setCookies(late), setCookies(late)]).toEqual([[], []]);
    await late.own.end("logout");
    expect(setCookies(late)).toEqual([]);
  });

  it("ends nobody's where nobody is logged in", async () => {
    const { open, events } = handleWorld(where);
    await open("theme=dark").own.end("logout");
    expect(events).toEqual([]);
  });
});
