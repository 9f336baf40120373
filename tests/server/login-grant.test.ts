import { describe, expect, it } from "vitest";
import { createSharingApp } from "../lib/sharing-app.ts";

const me = "https://app.example/me";
const owner = "user-42";

describe("the grant of a login", () => {
  it("stays where a second login brings no refresh token, as Google's does", async () => {
    const app = createSharingApp({ options: { owner: () => owner } });
    await app.loggedIn();
    app.provider.fault({ at: "token", kind: "members", remove: ["refresh_token"] });
    const second = await app.loggedIn();
    app.provider.clearFaults();
    expect([second.page?.url, app.events.filter(({ type }) => type === "grant.kept")]).toEqual([
      ...[me, [{ type: "grant.kept", provider: null, missing: [] }]],
    ]);
    app.clock.advance(3_600_000);
    expect((await second.call(me)).status).toBe(200);
  });

  it("is what a first login without a refresh token has none of: the page's error says what to ask for", async () => {
    const app = createSharingApp({ options: { owner: () => owner } });
    app.provider.fault({ at: "token", kind: "members", remove: ["refresh_token"] });
    expect((await app.loggedIn()).page?.status).toBe(503);
    const hint = expect.stringMatching(/offline_access/);
    expect(app.events.at(-1)).toMatchObject({ code: "login_handler_failed", error: { hint } });
  });

  it("is not revoked with a login that the app refuses, where others share it", async () => {
    const state = { isInvited: true };
    const app = createSharingApp({
      options: {
        owner: () => owner,
        onLogin: (login: { refuse(reason: string): unknown }) => (state.isInvited ? null : login.refuse("not_invited")),
      } as object,
    });
    const revocations = () => app.provider.requests.filter(({ kind }) => kind === "revoke").length;
    const first = await app.loggedIn();
    state.isInvited = false;
    expect([(await app.loggedIn()).page?.status, revocations()]).toEqual([403, 0]);
    expect((await first.call(me)).status).toBe(200);
    await app.grants.end({ owner });
    expect([(await app.loggedIn()).page?.status, revocations()]).toEqual([403, 2]);
  });

  it("that the provider refuses to renew is replaced by any login", async () => {
    const app = createSharingApp({ options: { owner: () => owner } });
    const first = await app.loggedIn();
    await first.login("https://app.example/playlists", { person: "ada" });
    app.clock.advance(3_600_000);
    app.provider.fault({ at: "token", kind: "text", status: 400, body: '{"error":"access_denied"}' } as never);
    expect((await first.call(me)).status).toBe(401);
    app.provider.clearFaults();
    const second = await app.loggedIn();
    expect([second.page?.url, (await app.session(second)).scope]).toEqual([me, ["user-read-private"]]);
  });
});
