import { spotify } from "@pixy/providers/spotify";
import { issueSession, memoryStore, type PixyEvent, type PixyOptions, type RecordStore } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp, type Profile } from "../lib/web-app.ts";

const date = new Date("2026-11-01T00:00:00Z");
const noJson: object = { name: "Ada", user: { createdAt: date } };

function describeData(where: string, storeOf: () => RecordStore | undefined): void {
  const appWith = (returned: object, options: Partial<PixyOptions<Profile>> = {}) =>
    createWebApp({ options: { store: storeOf(), onLogin: () => returned as Profile, ...options } });

  it(`what onLogin returned is the same at once and after a restart, ${where}`, async () => {
    const returned = { name: "Ada", nobody: undefined, list: [{ gone: undefined, n: 1 }] };
    const app = appWith(returned);
    const browser = app.browser();
    await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    const cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const kept = { name: "Ada", list: [{ n: 1 }] };
    // A second instance has opened nothing yet, as after a restart.
    const options = { store: app.auth.settings.store ?? undefined, now: app.clock.now };
    for (const { auth } of [app, appWith(returned, options)]) {
      const handle = auth.open({ method: "GET", url: "/", header: (name) => (name === "cookie" ? cookie : null) });
      expect((await handle.session())?.data).toStrictEqual(kept);
    }
  });

  it(`what JSON does not keep fails the login, and the log says where it is, ${where}`, async () => {
    const events: PixyEvent[] = [];
    const app = appWith(noJson, { onEvent: (event) => void events.push(event) });
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/auth/login`, { person: "ada" });
    expect(page.status).toBe(503);
    expect(page.body).toContain("login_handler_failed");
    expect((await browser.call(`${app.origin}/auth/session`)).json()).toEqual({ loggedIn: false });
    const hint = expect.stringContaining("data.user.createdAt is a Date.");
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "login.failed",
        error: expect.objectContaining({ hint, cause: expect.objectContaining({ code: "invalid_option" }) }),
      }),
    );
  });

  it(`issueSession refuses what JSON does not keep, ${where}`, async () => {
    const { clientId } = createWebApp().auth.settings.ways[0];
    const provider = spotify;
    const secret = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";
    const options = { provider, clientId, secret, baseUrl: "https://app.example", store: storeOf() };
    await expect(issueSession<object>(options, { tokens: { accessToken: "a" }, data: noJson })).rejects.toThrow(
      expect.objectContaining({ name: "ConfigurationError", message: "data.user.createdAt is a Date." }),
    );
  });
}

describe("session.data", () => {
  describeData("in the cookie", () => undefined);
  describeData("in memory", () => memoryStore());
});
