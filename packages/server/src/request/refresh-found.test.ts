import { describe, expect, it } from "vitest";
import { moment, tokensWith } from "../../test/content.ts";
import { granted, nobody, refusal, sessionsWorld } from "../../test/describe-sessions.ts";
import { createSessions } from "../session/create-sessions.ts";
import type { OpenSession } from "../session/session.ts";
import { refreshFound } from "./refresh-found.ts";

const hour = 3_600_000;
const refuse = () => Response.json({ error: "access_denied" }, { status: 400 });
const misconfigured = () => Response.json({ error: "invalid_client" }, { status: 401 });
const down = () => new Response(null, { status: 503 });

async function world(answer: () => Response, change: Parameters<ReturnType<typeof sessionsWorld>["logIn"]>[0] = {}) {
  const { clock, provider, settings, sessions, logIn, sent } = sessionsWorld((given) => createSessions(given), {
    authPath: "/login",
  });
  provider.answer = answer;
  const { session } = await logIn(change);
  const found = { ...nobody, session };
  return {
    ...{ clock, sessions, session, found, sent },
    refresh: (isRefused = false, canGiveCookie = true, open: OpenSession<undefined> = session) =>
      refreshFound(settings, sessions, found, open, { isRefused, canGiveCookie }),
  };
}

describe("the refresh of what a request found", () => {
  it("is the new session, which the browser is to be given", async () => {
    const { refresh, found } = await world(() => Response.json(granted));
    const { found: after, result } = await refresh();
    expect(after).toEqual({ ...found, session: expect.objectContaining({ key: found.session.key }), renew: true });
    expect(result).toMatchObject({ accessToken: "newer" });
  });

  it.each([
    ["refused", refuse, "reauth_required", true],
    ["misconfigured", misconfigured, "provider_misconfigured", false],
    ["unavailable", down, "provider_unavailable", false],
  ] as const)("changes no session where it is %s, and says why once the token no longer works", async (...row) => {
    const [, answer, code, reauthNeeded] = row;
    const { refresh, found, clock, session } = await world(answer);
    expect(await refresh()).toEqual({ found: { ...found, reauthNeeded }, result: session.tokens });
    clock.at = moment + hour;
    expect((await refresh()).found).toEqual({ ...found, reauthNeeded });
    expect((await refresh()).result).toMatchObject({ code });
    // A token that the API refused works no longer, whatever its clock says.
    clock.at = moment;
    expect((await refresh(true)).result).toMatchObject({ code });
  });

  it("ends what the provider has ended, also while the token works", async () => {
    const { refresh } = await world(refusal);
    const ended = await refresh();
    expect(ended.found).toEqual({ ...nobody, clear: true, ended: true });
    expect(ended.result).toMatchObject({ code: "reauth_required" });
  });

  it("leaves the browser alone where somebody logged out meanwhile", async () => {
    const { refresh, sessions, session, sent } = await world(() => Response.json(granted));
    await sessions.delete(session);
    const gone = await refresh();
    expect([gone.found, sent]).toEqual([nobody, []]);
    expect(gone.result).toMatchObject({ code: "login_required" });
  });

  it("spends no token whose successor cannot reach the browser", async () => {
    const { refresh, found, session, clock, sent } = await world(() => Response.json(granted));
    expect(await refresh(false, false)).toEqual({ found, result: session.tokens });
    clock.at = moment + hour;
    const late = await refresh(false, false);
    expect([late.found, sent]).toEqual([found, []]);
    const hint = expect.stringContaining("Redirect to /login/refresh?returnTo=…,");
    expect(late.result).toMatchObject({ code: "refresh_needed", hint });
  });

  it("ends a login without a refresh token with its access token", async () => {
    const { refresh, found, session, clock } = await world(down, { tokens: tokensWith({ refreshToken: null }) });
    expect(await refresh()).toEqual({ found, result: session.tokens });
    clock.at = moment + hour;
    const ended = await refresh();
    expect(ended.found).toEqual({ ...nobody, clear: true, ended: true });
    expect(ended.result).toMatchObject({ code: "reauth_required" });
  });
});
