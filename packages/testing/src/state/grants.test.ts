import { describe, expect, it } from "vitest";
import { bodyOf, callApi, errorOf, obtainTokens, post, refresh } from "../../test/fixture.ts";
import { createAuthorizationServer } from "../provider/authorization-server.ts";
import { createClock } from "./clock.ts";

const day = 86_400_000;

describe("rotation", () => {
  it("omit: the token stays and the answer names none", async () => {
    const server = createAuthorizationServer();
    const { refresh_token } = await obtainTokens(server);
    for (let round = 0; round < 3; round++) {
      const answer = await refresh(server.fetch, refresh_token);
      expect(answer.status).toBe(200);
      expect(await answer.json()).not.toHaveProperty("refresh_token");
    }
  });

  it("rotate: a new token each time, the old one is merely invalid", async () => {
    const server = createAuthorizationServer({ rotation: "rotate" });
    const first = await obtainTokens(server);
    const second = await bodyOf(await refresh(server.fetch, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const again = await refresh(server.fetch, first.refresh_token);
    expect(await again.json()).toEqual({ error: "invalid_grant", error_description: "Refresh token revoked" });
    expect((await callApi(server.fetch, first.access_token)).status).toBe(200);
    expect((await refresh(server.fetch, second.refresh_token ?? "")).status).toBe(200);
  });

  it("strict: using the old token again ends the whole grant", async () => {
    const server = createAuthorizationServer({ rotation: "strict" });
    const first = await obtainTokens(server);
    const second = await bodyOf(await refresh(server.fetch, first.refresh_token));
    expect((await callApi(server.fetch, second.access_token)).status).toBe(200);
    expect(await errorOf(await refresh(server.fetch, first.refresh_token))).toBe("invalid_grant");
    expect(await errorOf(await refresh(server.fetch, second.refresh_token ?? ""))).toBe("invalid_grant");
    expect((await callApi(server.fetch, second.access_token)).status).toBe(401);
  });

  it("strict: of two refreshes at once one wins, and then nobody has anything", async () => {
    const server = createAuthorizationServer({ rotation: "strict" });
    const { refresh_token } = await obtainTokens(server);
    const answers = await Promise.all([refresh(server.fetch, refresh_token), refresh(server.fetch, refresh_token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const winner = await bodyOf(answers.find(({ status }) => status === 200) as Response);
    expect((await refresh(server.fetch, winner.refresh_token ?? "")).status).toBe(400);
  });

  it("strict with a grace: within it a replaced token gets a pair of its own, and both live; after it all ends", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ rotation: "strict", refreshTokenGrace: 30, clock });
    const first = await obtainTokens(server);
    const one = await bodyOf(await refresh(server.fetch, first.refresh_token));
    clock.advance(29_999);
    const other = await bodyOf(await refresh(server.fetch, first.refresh_token));
    expect((await callApi(server.fetch, one.access_token)).status).toBe(200);
    const newest = await bodyOf(await refresh(server.fetch, one.refresh_token ?? ""));
    clock.advance(1);
    expect((await refresh(server.fetch, first.refresh_token)).status).toBe(400);
    for (const { refresh_token } of [other, newest]) {
      expect((await refresh(server.fetch, refresh_token ?? "")).status).toBe(400);
    }
  });

  it("an idle clock begins anew with each refresh", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ refreshTokenIdleLifetime: 90, clock });
    const { refresh_token } = await obtainTokens(server);
    for (let round = 0; round < 3; round++) {
      clock.advance(89_999);
      expect((await refresh(server.fetch, refresh_token)).status).toBe(200);
    }
    clock.advance(90_000);
    const answer = await refresh(server.fetch, refresh_token);
    expect(await answer.json()).toEqual({ error: "invalid_grant", error_description: "Refresh token expired" });
  });

  it("grace: the one before is accepted, only the newest pair is valid", async () => {
    const server = createAuthorizationServer({ rotation: "grace" });
    const first = await obtainTokens(server);
    const lost = await bodyOf(await refresh(server.fetch, first.refresh_token));
    const newest = await bodyOf(await refresh(server.fetch, first.refresh_token));
    expect((await callApi(server.fetch, lost.access_token)).status).toBe(401);
    expect((await callApi(server.fetch, newest.access_token)).status).toBe(200);
    expect((await refresh(server.fetch, lost.refresh_token ?? "")).status).toBe(400);
    expect((await refresh(server.fetch, newest.refresh_token ?? "")).status).toBe(200);
    expect((await refresh(server.fetch, first.refresh_token)).status).toBe(400);
  });

  it("sometimes: omits and rotates by turns", async () => {
    const server = createAuthorizationServer({ rotation: "sometimes" });
    const { refresh_token } = await obtainTokens(server);
    expect((await bodyOf(await refresh(server.fetch, refresh_token))).refresh_token).toBeUndefined();
    const second = (await bodyOf(await refresh(server.fetch, refresh_token))).refresh_token ?? "";
    expect(second).not.toBe("");
    expect((await refresh(server.fetch, refresh_token)).status).toBe(400);
    expect((await bodyOf(await refresh(server.fetch, second))).refresh_token).toBeUndefined();
  });

  it("changes while the server runs", async () => {
    const server = createAuthorizationServer();
    const { refresh_token } = await obtainTokens(server);
    server.configure({ rotation: "rotate" });
    expect(await bodyOf(await refresh(server.fetch, refresh_token))).toHaveProperty("refresh_token");
    expect(() => server.configure({ rotation: "never" as "omit" })).toThrow("omit, rotate, strict, grace, sometimes");
  });
});

describe("time", () => {
  it("ends an access token after expires_in, which changes while the server runs", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ clock });
    server.configure({ expiresIn: 5 });
    const { access_token, expires_in } = await obtainTokens(server);
    expect(expires_in).toBe(5);
    clock.advance(4_999);
    expect((await callApi(server.fetch, access_token)).status).toBe(200);
    clock.advance(1);
    const answer = await callApi(server.fetch, access_token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await answer.json()).toEqual({ error: { status: 401, message: "The access token expired" } });
  });

  it("ends a refresh token six months after the authorization, however often it was refreshed", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ clock, rotation: "rotate" });
    let { refresh_token } = await obtainTokens(server);
    clock.advance(179 * day);
    refresh_token = (await bodyOf(await refresh(server.fetch, refresh_token))).refresh_token ?? "";
    clock.advance(day);
    const answer = await refresh(server.fetch, refresh_token);
    expect(await answer.json()).toEqual({ error: "invalid_grant", error_description: "Refresh token expired" });
  });
});

describe("revocation", () => {
  it("by the person ends their grants only", async () => {
    const server = createAuthorizationServer();
    const { access_token, refresh_token } = await obtainTokens(server);
    server.revokeGrants("grace");
    expect((await callApi(server.fetch, access_token)).status).toBe(200);
    server.revokeGrants("ada");
    expect((await callApi(server.fetch, access_token)).status).toBe(401);
    expect(await errorOf(await refresh(server.fetch, refresh_token))).toBe("invalid_grant");
  });

  it("of access tokens leaves the refresh token", async () => {
    const server = createAuthorizationServer();
    const { access_token, refresh_token } = await obtainTokens(server);
    server.revokeAccessTokens();
    expect((await callApi(server.fetch, access_token)).status).toBe(401);
    expect((await refresh(server.fetch, refresh_token)).status).toBe(200);
  });

  it("by the client takes the grant with a refresh token, and is 200 for anything", async () => {
    const server = createAuthorizationServer({ paths: { revoke: "/api/revoke" } });
    const revoke = (token: string, client_id = "app"): Promise<Response> =>
      post(server.fetch, "/api/revoke", { token, client_id });
    const first = await obtainTokens(server);
    expect((await revoke("token-of-nobody")).status).toBe(200);
    expect((await revoke(first.refresh_token, "thief")).status).toBe(200);
    expect((await callApi(server.fetch, first.access_token)).status).toBe(200);
    expect((await revoke(first.refresh_token)).status).toBe(200);
    expect((await callApi(server.fetch, first.access_token)).status).toBe(401);
    const second = await obtainTokens(server);
    await revoke(second.access_token);
    expect((await callApi(server.fetch, second.access_token)).status).toBe(401);
    expect((await refresh(server.fetch, second.refresh_token)).status).toBe(200);
    expect(server.violations).toEqual([]);
    expect((await post(server.fetch, "/api/revoke", { client_id: "app" })).status).toBe(400);
    expect(server.violations).toMatchObject([{ rule: "missing_parameter" }]);
  });

  it("has no endpoint unless one is given, as at Spotify", async () => {
    const server = createAuthorizationServer();
    expect((await post(server.fetch, "/api/revoke", { token: "x", client_id: "app" })).status).toBe(404);
  });
});
