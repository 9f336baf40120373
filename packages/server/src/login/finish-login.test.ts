import { type Claims, defineProvider, type KeptMembers, type Tokens } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { moment, remembered, tokensWith } from "../../test/content.ts";
import { recalledOf, returnPath, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import type { PixyEvent } from "../settings/events.ts";
import type { PixyOptions } from "../settings/options.ts";
import type { Attempt } from "./attempt.ts";
import { createFinishLogin } from "./finish-login.ts";

const attempt: Attempt = {
  ...{
    state: "s",
    verifier: "v",
    clientId: "own-client",
    scope: ["a", "b"],
    returnTo: returnPath("/"),
    extra: {},
    owner: null,
  },
  startedAt: moment,
  ...remembered,
};

function world(change: Partial<PixyOptions<unknown>> = {}) {
  const events: PixyEvent[] = [];
  const settings = settingsWith<unknown>({ now: () => moment, onEvent: (event) => events.push(event), ...change });
  const finish = createFinishLogin(settings, createSessions(settings));
  const finishLogin = (begun: Attempt, tokens: Tokens, claims: Claims | null, kept: KeptMembers = {}) =>
    finish(begun, { recalled: recalledOf(settings), tokens, claims, kept, posted: {} });
  return { events, finishLogin };
}

describe("finishing a login", () => {
  it("makes a session of what was granted, asked and returned by onLogin", async () => {
    const { events, finishLogin } = world({ onLogin: ({ clientId, claims }) => ({ clientId, ...claims }) });
    const session = await finishLogin(attempt, tokensWith({ scope: ["a"] }), { sub: "ada" });
    expect(session).toMatchObject({
      ...{ clientId: "own-client", asked: ["a", "b"], createdAt: moment, fence: 0 },
      data: { clientId: "own-client", sub: "ada" },
    });
    expect(events).toMatchObject([{ type: "login.completed", session: session.view.id, scope: ["a"] }]);
  });

  it("keeps of the answer only what names the API, and refuses one that is not the provider's before onLogin", async () => {
    const hosts = { ...spotify, keep: ["at", "id"], apiFrom: { member: "at", hosts: [".spotify.com"] } };
    const asked: unknown[] = [];
    const { events, finishLogin } = world({
      provider: defineProvider(hosts),
      onLogin: ({ kept }) => void asked.push(kept),
    });
    const kept = { at: "https://org.spotify.com/", id: "7" };
    expect((await finishLogin(attempt, tokensWith(), null, kept)).kept).toEqual({ at: "https://org.spotify.com" });
    expect([asked.splice(0), events.splice(0).length]).toEqual([[kept], 1]);
    await expect(
      finishLogin(attempt, tokensWith(), null, { at: "https://evil.example/?t=canary" }),
    ).rejects.toMatchObject({
      ...{ code: "foreign_api", status: 502 },
      hint: expect.stringMatching(/^(?!.*canary).* at is https:\/\/evil\.example, /),
    });
    expect([asked, events]).toEqual([[], []]);
  });

  it("hands the framework's own request to onLogin", async () => {
    const asked: unknown[] = [];
    const settings = settingsWith<unknown>({
      now: () => moment,
      onLogin: (_login, request) => void asked.push(request),
    });
    const finish = createFinishLogin(settings, createSessions(settings));
    const exchanged = { recalled: recalledOf(settings), tokens: tokensWith(), claims: null, kept: {}, posted: {} };
    const original = { url: "/auth/callback" };
    await finish(attempt, exchanged, { original });
    expect(asked).toEqual([original]);
  });

  it("gives each session an id of its own", async () => {
    const { finishLogin } = world();
    const one = await finishLogin(attempt, tokensWith(), null);
    const two = await finishLogin(attempt, tokensWith(), null);
    expect(one.id).not.toBe(two.id);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("no table")), "onLogin threw."],
    ["returns no JSON", () => ({ at: 1n }), "onLogin must return JSON:"],
  ])("makes no session when onLogin %s", async (_, onLogin, hint) => {
    const { events, finishLogin } = world({ onLogin });
    await expect(finishLogin(attempt, tokensWith(), null)).rejects.toMatchObject({
      ...{ code: "login_handler_failed", status: 503, headers: { "retry-after": "1" } },
      hint: expect.stringMatching(new RegExp(`^${hint}.*The person is not logged in\\.$`)),
    });
    expect(events).toEqual([]);
  });

  it("says once that a login without a refresh token ends with its access token", async () => {
    const { events, finishLogin } = world();
    const warnings = () => events.filter(({ type }) => type === "set-up.warning");
    await finishLogin(attempt, tokensWith(), null);
    await finishLogin(attempt, tokensWith({ refreshToken: null, expiresIn: null }), null);
    expect(warnings()).toEqual([]);
    for (let count = 0; count < 2; count++) await finishLogin(attempt, tokensWith({ refreshToken: null }), null);
    expect(warnings()).toMatchObject([{ code: "no_refresh_token", message: expect.stringContaining("3600 seconds") }]);
  });
});
