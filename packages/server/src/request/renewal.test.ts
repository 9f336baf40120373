import { describe, expect, it } from "vitest";
import { tokensWith } from "../../test/content.ts";
import { clearing, down, handleWorld, hour, refusal, setCookies } from "../../test/handle-world.ts";

describe("a change of the session's data", () => {
  it("changes the session's data, for this request, for its answer and for those to come", async () => {
    for (const where of ["cookie", "memory"] as const) {
      const { open, loggedIn } = handleWorld(where);
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
      handleWorld("cookie")
        .open()
        .update({} as never),
    ).rejects.toMatchObject({ code: "login_required" });
  });

  it("changes nothing where the cookie that it takes cannot be set", async () => {
    const noCookies = { canSetCookies: () => false };
    const { open, loggedIn } = handleWorld("cookie");
    const cookie = await loggedIn();
    await expect(open(cookie, noCookies).update({ theme: "dark" } as never)).rejects.toMatchObject({
      ...{ code: "refresh_needed", status: 503, message: "The session cannot be changed here." },
    });
    expect((await open(cookie).session())?.data).toBeUndefined();
    const stored = handleWorld("memory");
    expect((await stored.open(await stored.loggedIn(), noCookies).update({ theme: "dark" } as never)).data).toEqual({
      theme: "dark",
    });
  });

  it("keeps a change whose headers leave meanwhile, until the browser comes back", async () => {
    const { open, loggedIn, clock } = handleWorld("cookie");
    const cookie = await loggedIn();
    let asked = 0;
    await open(cookie, { canSetCookies: () => asked++ === 0 }).update({ theme: "dark" } as never);
    clock.at += 5 * hour;
    expect((await open(cookie).session())?.data).toEqual({ theme: "dark" });
  });
});

describe("the renewal of a session whose token has expired", () => {
  it("spends no refresh token whose successor no cookie can carry", async () => {
    const { open, loggedIn, clock, sent } = handleWorld("cookie");
    const cookie = await loggedIn();
    const readOnly = () => open(cookie, { canSetCookies: () => false });
    clock.at += hour - 1;
    expect(await readOnly().accessToken()).toBe("access");
    clock.at += 1;
    await expect(readOnly().accessToken()).rejects.toMatchObject({ code: "refresh_needed", status: 503 });
    expect(sent).toEqual([]);
  });

  it("keeps the session while the provider is down, and uses the token as long as it works", async () => {
    const { open, loggedIn, clock } = handleWorld("cookie", down);
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
    const { open, loggedIn, clock, events } = handleWorld("cookie", refusal);
    const handle = open(await loggedIn());
    clock.at += hour;
    expect(await handle.signedIn()).toBeNull();
    await expect(handle.accessToken()).rejects.toMatchObject({ code: "reauth_required", status: 401 });
    expect(handle.forwardedCookieHeader()).toBe("theme=dark");
    expect(setCookies(handle)).toEqual([clearing]);
    expect(events.filter(({ type }) => type === "session.ended")).toHaveLength(1);
  });

  it("ends without a question where there is no refresh token", async () => {
    const { open, loggedIn, clock, sent, events } = handleWorld("cookie");
    const handle = open(await loggedIn({ tokens: tokensWith({ refreshToken: null }) }));
    clock.at += hour - 1;
    expect(await handle.accessToken()).toBe("access");
    clock.at += 1;
    await expect(handle.accessToken()).rejects.toMatchObject({ code: "reauth_required" });
    expect([setCookies(handle), sent]).toEqual([[clearing], []]);
    expect(events).toEqual([{ type: "session.ended", session: "DwBzhbb5", reason: "refused" }]);
  });

  it("is waited for by an answer whose stream began to fetch before it", async () => {
    const { open, loggedIn, clock } = handleWorld("cookie");
    const handle = open(await loggedIn());
    expect(handle.settled()).toBeNull();
    clock.at += hour;
    const fetched = handle.fetch("/v1/me");
    await handle.settled();
    expect(setCookies(handle)).toHaveLength(1);
    expect([(await fetched).status, handle.settled()]).toEqual([200, null]);
  });
});
