import type { FaultBehaviour } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createRefreshApp, logIn } from "../lib/refresh-app.ts";

const hour = 3_600_000;
const places = ["cookie", "memory"] as const;

/** What a person gets, whether the grant is kept, and at most how many requests follow in an hour with a call each 10 s. */
const outcomes = {
  unavailable: { status: 503, code: "provider_unavailable", kept: true, offersLogin: false, most: 362 },
  misconfigured: { status: 503, code: "provider_misconfigured", kept: true, offersLogin: false, most: 85 },
  refused: { status: 401, code: "reauth_required", kept: true, offersLogin: true, most: 10 },
  ended: { status: 401, code: "reauth_required", kept: false, offersLogin: false, most: 1 },
} as const;

const json = (status: number, body: unknown): FaultBehaviour => ({ kind: "status", status, body });
const ok = (body: unknown): FaultBehaviour => ({ kind: "body", body: JSON.stringify(body) });

const answers: readonly (readonly [line: number, what: string, FaultBehaviour, outcome: keyof typeof outcomes])[] = [
  [1, "500, whatever it says", json(500, { error: "invalid_grant" }), "unavailable"],
  [1, "408", json(408, {}), "unavailable"],
  [1, "425", json(425, {}), "unavailable"],
  [1, "429 with an error", json(429, { error: "invalid_grant" }), "unavailable"],
  [1, "302", { kind: "redirect", status: 302 }, "unavailable"],
  [3, "invalid_grant, 400", json(400, { error: "invalid_grant" }), "ended"],
  [3, "invalid_grant, 401", json(401, { error: "invalid_grant" }), "ended"],
  [3, "invalid_grant, 200", ok({ error: "invalid_grant" }), "ended"],
  [4, "invalid_client", json(401, { error: "invalid_client" }), "misconfigured"],
  [4, "unauthorized_client", json(400, { error: "unauthorized_client" }), "misconfigured"],
  [4, "404, HTML", { kind: "html", status: 404 }, "misconfigured"],
  [4, "405", json(405, {}), "misconfigured"],
  [5, "temporarily_unavailable", json(400, { error: "temporarily_unavailable" }), "unavailable"],
  [5, "server_error", json(400, { error: "server_error" }), "unavailable"],
  [5, "slow_down", json(400, { error: "slow_down" }), "unavailable"],
  [6, "403, HTML", { kind: "html", status: 403 }, "unavailable"],
  [6, "400, plain text", { kind: "text", status: 400, body: "no" }, "unavailable"],
  [8, "400, empty", { kind: "text", status: 400, body: "" }, "refused"],
  [
    8,
    "invalid_request",
    json(400, { error: "invalid_request", error_description: "Token has been revoked" }),
    "refused",
  ],
  [8, "200 with an error", ok({ error: "bad_refresh_token" }), "refused"],
  [8, "200 with ok: false", ok({ ok: false, error: "token_revoked" }), "refused"],
  [8, "401 without an error", json(401, { message: "Unauthorized" }), "refused"],
];

describe.each(places)("an answer to a refresh, sessions in %s", (where) => {
  it.each(answers)("line %i: %s", async (_line, _what, fault, outcome) => {
    const { status, code, kept, offersLogin, most } = outcomes[outcome];
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({ ...fault, at: "token", grantType: "refresh_token", consume: false });

    const call = await browser.call(`${app.origin}/me`);
    expect([call.status, call.json()]).toMatchObject([status, { code }]);
    if (status === 503) expect(Number(call.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    if (kept) expect(call.setCookies).toEqual([]);
    const page = await browser.navigate(`${app.origin}/me`, { follow: false });
    expect(page.status).toBe(status === 401 ? 302 : 503);
    const session = (await browser.call(`${app.origin}/auth/session`)).json() as Record<string, unknown>;
    expect(session.loggedIn).toBe(kept);
    expect(session.reauthNeeded === true).toBe(offersLogin);
    expect((await browser.navigate(`${app.origin}/`)).body.includes("Hello")).toBe(kept);

    const told = app.events.filter(({ type }) => type === "refresh.failed" || type === "session.ended");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject(kept ? { type: "refresh.failed", outcome } : { reason: "refused" });

    for (let seconds = 0; seconds < 3_600; seconds += 10) {
      app.clock.advance(10_000);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(kept ? status : 401);
    }
    expect(app.refreshes()).toBeLessThanOrEqual(most);
    app.provider.clearFaults();
    // The longest pause of a refusal is an hour.
    app.clock.advance(hour + 1_000);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(kept ? 200 : 401);
    const after = (await browser.call(`${app.origin}/auth/session`)).json() as Record<string, unknown>;
    expect([after.loggedIn, after.reauthNeeded]).toEqual([kept, undefined]);
  });

  it("that is a 200 with nothing in it is sent again only where reuse does no harm, or nothing is left to lose", async () => {
    const app = createRefreshApp(where);
    const { browser } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({ kind: "body", body: "{}", at: "token", grantType: "refresh_token", consume: false });
    const answer = await browser.call(`${app.origin}/me`);
    expect([answer.status, answer.json()]).toMatchObject([503, { code: "provider_unavailable" }]);
    app.provider.clearFaults();
    app.clock.advance(11_000);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });
});

describe("pauses that an app limits", () => {
  it("are at most that long, whatever the provider asks for", async () => {
    const app = createRefreshApp("memory", { options: { longestPause: 10, store: undefined } });
    const { browser } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({
      kind: "status",
      status: 400,
      body: { error: "odd" },
      at: "token",
      grantType: "refresh_token",
    });
    for (let second = 0; second < 25; second++) {
      expect((await browser.call(`${app.origin}/me`)).status).toBe(401);
      app.clock.advance(1_000);
    }
    expect(app.refreshes()).toBeLessThanOrEqual(4);
    app.provider.clearFaults();
    app.clock.advance(10_000);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });

  it("are as long as Retry-After says where the app says nothing, up to 15 minutes", async () => {
    const app = createRefreshApp("memory");
    const { browser } = await logIn(app);
    app.clock.advance(hour + 1);
    app.provider.fault({ kind: "status", status: 503, retryAfter: 3_600, at: "token", grantType: "refresh_token" });
    expect((await browser.call(`${app.origin}/me`)).headers.get("retry-after")).toBe("900");
    app.clock.advance(899_000);
    await browser.call(`${app.origin}/me`);
    expect(app.refreshes()).toBe(1);
    app.clock.advance(2_000);
    await browser.call(`${app.origin}/me`);
    expect(app.refreshes()).toBe(2);
  });
});

describe("tokens that arrive", () => {
  it("A2 and do not fit into the cookie end the session by name, where those before are used up", async () => {
    const app = createRefreshApp("cookie", { provider: { rotation: "strict" } });
    const { browser } = await logIn(app);
    app.clock.advance(hour + 1);
    const set = { access_token: "a".repeat(6_000) };
    app.provider.fault({ kind: "members", set, at: "token", grantType: "refresh_token", times: 1 });
    const call = await browser.call(`${app.origin}/me`);
    expect([call.status, call.json()]).toMatchObject([401, { code: "reauth_required" }]);
    const ended = app.events.filter(({ type }) => type === "session.ended");
    expect(ended).toEqual([
      expect.objectContaining({ reason: "too large", error: expect.objectContaining({ code: "session_too_large" }) }),
    ]);
    expect((await browser.call(`${app.origin}/me`)).json()).toMatchObject({ code: "login_required" });
    expect(app.refreshes()).toBe(1);
    expect(app.provider.violations).toEqual([]);
  });

  it("A3 for no time at all cause no loop: three pages, three refreshes at most", async () => {
    for (const expires_in of [0, -5, "0", "-1"]) {
      const app = createRefreshApp("cookie");
      const { browser } = await logIn(app);
      app.clock.advance(hour + 1);
      app.provider.fault({ kind: "members", set: { expires_in }, at: "token", grantType: "refresh_token" });
      for (let page = 0; page < 3; page++) expect((await browser.navigate(`${app.origin}/me`)).status).toBe(200);
      expect(app.refreshes()).toBeLessThanOrEqual(3);
    }
  });

  it("A6 without a refresh token are a warning at the first login, with what to ask for", async () => {
    const app = createRefreshApp("cookie");
    app.provider.fault({ kind: "members", remove: ["refresh_token"], at: "token" });
    await logIn(app);
    await logIn(app, "grace");
    const warnings = app.events.filter((event) => event.type === "set-up.warning" && event.code === "no_refresh_token");
    expect(warnings).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/offline_access.*prompt=consent.*access_type/) }),
    ]);
    app.clock.advance(hour + 1);
  });
});
