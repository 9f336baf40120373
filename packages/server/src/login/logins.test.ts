import { describe, expect, it } from "vitest";
import { incoming, returnPath, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import { type CookieEntry, readCookies } from "../web/cookies.ts";
import { setCookieLine } from "../web/set-cookie.ts";
import type { Attempt } from "./attempt.ts";
import { createLogins } from "./logins.ts";

/** Logins at a provider that answers each code as told; counts the codes that it saw. */
function world(name: string, answer: () => Response = granted) {
  const codes: string[] = [];
  const settings = settingsWith({
    name,
    profile: false,
    fetch: async (input, init) => {
      const form = new URLSearchParams(await new Request(input, init).text());
      codes.push(form.get("code") ?? "");
      return answer();
    },
  });
  return { codes, logins: createLogins(settings, createSessions(settings)) };
}

const granted = () =>
  Response.json({ access_token: "access", token_type: "Bearer", expires_in: 3600, refresh_token: "refresh" });

const query = (text: string) => new URLSearchParams(text);

/** What the browser holds after these Set-Cookie lines. */
function after(lines: readonly string[], present: readonly CookieEntry[] = []): readonly CookieEntry[] {
  const brought = lines.flatMap((line) => readCookies(line.slice(0, line.indexOf(";")), "__Host-"));
  const left = present.filter(({ name }) => !brought.some((entry) => entry.name === name));
  return [...left, ...brought].filter(({ value }) => value !== "");
}

/** Starts a login in a browser without cookies. */
async function started({ logins }: ReturnType<typeof world>) {
  const answer = await logins.start(incoming("/auth/login"), { returnTo: returnPath("/me") });
  const state = new URL(answer.headers.get("location") ?? "").searchParams.get("state") ?? "";
  const present = after(answer.headers.getSetCookie());
  const found = await logins.find(state, present, null);
  return { state, present, attempt: (found as { readonly attempt: Attempt }).attempt };
}

describe("logins", () => {
  it("lead from the click to a session, and send the code once for a callback and its twin", async () => {
    const app = world("logins-once");
    const { attempt, state } = await started(app);
    expect(attempt).toMatchObject({ state, returnTo: "/me", clientId: "client-of-the-app" });
    const callback = query(`state=${state}&code=one`);
    const [issued, twin] = await Promise.all([
      app.logins.finish(attempt, callback),
      app.logins.finish(attempt, callback),
    ]);
    expect(twin).toBe(issued);
    expect(app.codes).toEqual(["one"]);
  });

  it("know a spent attempt in its browser, and where its login led to", async () => {
    const app = world("logins-spent");
    const { attempt, state, present } = await started(app);
    await app.logins.finish(attempt, query(`state=${state}&code=one`));
    const left = after((await app.logins.spend(attempt, present)).map(setCookieLine), present);
    expect(left.map(({ name }) => name)).toEqual(["__Host-logins-spent-done"]);
    expect(await app.logins.find(state, left, null)).toEqual({ spent: "/me" });
    // Another process knows only that it is spent.
    expect(await world("logins-spent-elsewhere").logins.find(state, [], null)).toEqual({ problem: "absent" });
    expect(app.logins.clear(left)).toMatchObject([{ name: "__Host-logins-spent-done", value: "", maxAge: 0 }]);
  });

  it("lead a spent attempt that the process has forgotten to the start page", async () => {
    const app = world("logins-forgotten");
    const { attempt, state, present } = await started(app);
    const left = after((await app.logins.spend(attempt, present)).map(setCookieLine), present);
    expect(await app.logins.find(state, left, null)).toEqual({ spent: "/" });
  });

  it("send nothing for a callback that the provider refused", async () => {
    const app = world("logins-refused");
    const { attempt, state } = await started(app);
    await expect(app.logins.finish(attempt, query(`state=${state}&error=access_denied`))).rejects.toMatchObject({
      code: "authorization_refused",
    });
    expect(app.codes).toEqual([]);
  });

  it("may be finished again where the provider has not seen the code, and not where it has", async () => {
    const app = world("logins-away", () => new Response(null, { status: 503 }));
    const { attempt, state } = await started(app);
    const callback = query(`state=${state}&code=one`);
    for (let count = 0; count < 2; count++) {
      await expect(app.logins.finish(attempt, callback)).rejects.toMatchObject({ outcome: "unavailable" });
    }
    expect(app.codes).toEqual(["one", "one"]);
    const strict = world("logins-dead", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    const begun = await started(strict);
    for (let count = 0; count < 2; count++) {
      await expect(strict.logins.finish(begun.attempt, query(`state=${begun.state}&code=two`))).rejects.toMatchObject({
        outcome: "ended",
      });
    }
    expect(strict.codes).toEqual(["two"]);
  });
});
