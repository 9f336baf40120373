import { describe, expect, it } from "vitest";
import { createConnectApp } from "../lib/connect-app.ts";

const user = "user-42";

describe("to connect an account", () => {
  it("keeps what the provider gives under the user, asks who it is, and touches no session", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin(user);
    const location = new URL(answer.headers.get("location") ?? "");
    expect([answer.status, location.searchParams.get("show_dialog")]).toEqual([303, "true"]);
    expect(cookie).not.toContain(user);
    const done = await app.come(await app.decide(answer), cookie, user);
    expect([done.status, done.headers.get("location")]).toEqual([303, "/settings"]);
    expect(done.headers.getSetCookie().filter((line) => line.startsWith("__Host-pixy="))).toEqual([]);
    expect((await app.grants.list({ owner: user })).map(({ subject }) => subject)).toEqual(["ada-1815"]);
    expect((await app.grants.of({ owner: user }).fetch("/v1/me")).status).toBe(200);
    expect(app.events.map(({ type }) => type)).toEqual(["login.started", "connect.completed"]);
  });

  it.each([
    ["a page of another site", { "sec-fetch-site": "cross-site" }, "POST", 403, "cross_site_request"],
    ["nothing that says where it comes from", {}, "POST", 403, "cross_site_request"],
    ["a link", { "sec-fetch-site": "same-origin" }, "GET", 405, "method_not_allowed"],
  ])("does not begin for %s", async (_who, headers, method, status, code) => {
    const app = createConnectApp();
    const { answer } = await app.begin(user, headers as unknown as HeadersInit, method);
    expect([answer.status, answer.headers.getSetCookie(), app.provider.requests]).toEqual([status, [], []]);
    expect(await answer.text()).toContain(code);
  });

  it("does not begin for nobody, and says it on a page", async () => {
    const app = createConnectApp();
    for (const owner of [null, "", undefined as unknown as null]) {
      const { answer } = await app.begin(owner);
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
      expect(await answer.text()).toContain("Nobody is logged in here");
    }
    await expect(app.begin(42 as unknown as string)).rejects.toMatchObject({ option: "owner" });
    const prefetch = { "sec-fetch-site": "same-origin", "sec-purpose": "prefetch" };
    expect((await app.begin(user, prefetch)).answer.status).toBe(204);
  });

  it("refuses another user at the end, and the code is spent for both", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin(user);
    const url = await app.decide(answer);
    const refused = await app.come(url, cookie, "user-43");
    expect([refused.status, app.provider.tokenRequests()]).toEqual([403, []]);
    expect(refused.headers.getSetCookie().some((line) => /-login-.*max-age=0/i.test(line))).toBe(true);
    expect([await app.grants.has({ owner: user }), await app.grants.has({ owner: "user-43" })]).toEqual([false, false]);
  });

  it("asks once more from its own page where nobody is there, then refuses", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin(user);
    const first = await app.come(await app.decide(answer), cookie, null);
    const again = /^0; url=(\/auth\/callback\?.*&again=1)$/.exec(first.headers.get("refresh") ?? "")?.[1] ?? "";
    expect([first.status, first.headers.getSetCookie()]).toEqual([200, []]);
    const strict = await app.come(`https://app.example${again}`, cookie, user);
    expect([strict.status, await app.grants.has({ owner: user })]).toEqual([303, true]);

    const other = await app.begin(user);
    const url = `${await app.decide(other.answer)}&again=1`;
    expect((await app.come(url, other.cookie, null)).status).toBe(403);
  });

  it("sends a code once, also when the callback comes twice, and both lead on", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin(user);
    const url = await app.decide(answer);
    const statuses = (await Promise.all([1, 2].map(() => app.come(url, cookie, user)))).map(({ status }) => status);
    expect([statuses.sort(), app.provider.tokenRequests().length]).toEqual([[303, 303], 1]);
  });

  it("leads back with what the provider said", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin(user);
    const back = await app.come(await app.decide(answer, "deny"), cookie, user);
    expect([back.status, back.headers.get("location")]).toEqual([303, "/settings?auth_error=access_denied"]);
    const another = await app.begin(user);
    const wrong = `${(await app.decide(another.answer)).replace(/code=[^&]*/, "code=")}`;
    expect((await app.come(wrong, another.cookie, user)).status).toBe(400);
  });

  it("is one login like another beside it: neither takes the other's place", async () => {
    const app = createConnectApp();
    const login = await app.auth.handle(new Request("https://app.example/auth/login"));
    const loginCookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const { answer, cookie } = await app.begin(user);
    const both = `${loginCookie}; ${cookie}`;
    const done = await app.come(await app.decide(login, "grace"), both, user);
    expect(done.headers.getSetCookie().some((line) => line.startsWith("__Host-pixy="))).toBe(true);
    expect(await app.grants.has({ owner: user })).toBe(false);
    await app.come(await app.decide(answer), both, user);
    expect(await app.grants.has({ owner: user })).toBe(true);
  });
});
