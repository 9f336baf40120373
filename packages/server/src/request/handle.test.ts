import { describe, expect, it } from "vitest";
import { moment } from "../../test/content.ts";
import { handleWorld, hour, setCookies } from "../../test/handle-world.ts";

describe("a handle", () => {
  it("does nothing before it is asked, and adds nothing to an answer that did not depend on it", async () => {
    const { open, loggedIn } = handleWorld("cookie");
    const handle = open(await loggedIn());
    expect([handle.takeResponseHeaders(), handle.forwardedCookieHeader()]).toEqual([[], null]);
    await handle.session();
    expect(handle.takeResponseHeaders()).toEqual([
      ["cache-control", "private, no-store"],
      ["vary", "Cookie"],
    ]);
    expect(handle.takeResponseHeaders()).toEqual([]);
  });

  it("knows nobody where nobody is logged in", async () => {
    const handle = handleWorld("cookie").open();
    expect(await handle.session()).toBeNull();
    expect([await handle.signedIn(), await handle.hasScope()]).toEqual([null, false]);
    expect(await handle.scopes()).toEqual({ asked: [], granted: [] });
    expect(() => handle.current).toThrow(expect.objectContaining({ code: "login_required" }));
    for (const asked of [handle.requireSession(), handle.accessToken(), handle.fetch("/v1/me")]) {
      await expect(asked).rejects.toMatchObject({ code: "login_required", status: 401 });
    }
  });

  it("is a login where somebody is", async () => {
    const { open, loggedIn, sent } = handleWorld("cookie");
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
    const { open, loggedIn, clock, sent } = handleWorld("cookie");
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await (await handle.fetch("/v1/me")).text()).toBe("Bearer newer");
    expect(sent).toEqual(["https://accounts.spotify.com/api/token", "https://api.spotify.com/v1/me"]);
  });
});

describe("a handle whose token has expired", () => {
  it("gives the refreshed session to the browser, and to what runs later in this request", async () => {
    const { open, loggedIn, clock } = handleWorld("cookie");
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await handle.accessToken()).toBe("newer");
    const forwarded = handle.forwardedCookieHeader() ?? "";
    expect(forwarded).toMatch(/^theme=dark; __Host-pixy=/);
    expect(setCookies(handle)).toEqual([expect.stringMatching(/^__Host-pixy=[\w.~-]+; Max-Age=2592000;/)]);
    expect(await open(forwarded).accessToken()).toBe("newer");
  });

  it("needs no new cookie where the store keeps the session", async () => {
    const { open, loggedIn, clock } = handleWorld("memory");
    const handle = open(await loggedIn(), { canSetCookies: () => false });
    clock.at += hour;
    expect(await handle.accessToken()).toBe("newer");
    expect(setCookies(handle)).toEqual([]);
  });
});
