import { describe, expect, it } from "vitest";
import { moment } from "../../test/content.ts";
import { sessionsWorld } from "../../test/describe-sessions.ts";
import { incoming } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import { redirect } from "../web/responses.ts";
import { deliver } from "./deliver.ts";
import { Handle } from "./handle.ts";

describe("an answer of ours", () => {
  it("brings what the handle has to tell the browser, once, after its own cookies", async () => {
    const { clock, logIn, settings, sessions } = sessionsWorld((given) => createSessions(given));
    const { cookie } = await logIn();
    clock.at = moment + 3_600_000;
    const handle = new Handle(settings, sessions, incoming("/me", { cookie }));
    await handle.signedIn();
    const answer = await deliver(handle, redirect(302, "/", [{ name: "theme", value: "dark", secure: true }]));
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^theme=dark;/),
      expect.stringMatching(/^__Host-pixy=[\w.~-]{99,};/),
    ]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect((await deliver(handle, redirect(302, "/"))).headers.getSetCookie()).toEqual([]);
  });
});
