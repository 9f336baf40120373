import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import type { PixyEvent } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp, type Profile, type WebAppOptions } from "../lib/web-app.ts";

const provider = defineProvider({ ...spotify, revocationEndpoint: "https://accounts.spotify.com/api/revoke" });

function createApp(options: WebAppOptions["options"] = {}) {
  const events: PixyEvent[] = [];
  const app = createWebApp({
    provider: { paths: { revoke: "/api/revoke" } },
    options: {
      provider,
      onLogin: async (login) => {
        const { id } = (await (await login.fetch("/v1/me")).json()) as { id: string };
        return id === "ada-1815" ? { name: "Ada" } : login.refuse("not_invited");
      },
      onEvent: (event) => void events.push(event),
      ...options,
    },
  });
  return { ...app, events };
}

describe("a person whom onLogin refuses", () => {
  it("gets a page that says so with 403, no session, and their tokens are revoked", async () => {
    const app = createApp();
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/auth/login?returnTo=/me`, { person: "grace" });
    expect([page.status, page.headers.get("cache-control")]).toEqual([403, "private, no-store"]);
    expect(page.body).toContain("You cannot log in here with this account.");
    expect(page.body).toContain("not_invited");
    expect(page.body).toContain('href="/auth/login?returnTo=%2Fme"');
    expect((await browser.cookies(app.origin)).map(({ name }) => name)).toEqual(["__Host-pixy-done"]);
    await expect.poll(() => app.provider.requests.filter(({ kind }) => kind === "revoke").length).toBe(1);
    expect(app.events.slice(1)).toEqual([{ type: "login.refused", by: "app", error: "not_invited" }]);
  });

  it("leaves whoever was logged in before as they were", async () => {
    const app = createApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    expect((await browser.login(`${app.origin}/auth/login`, { person: "grace" })).status).toBe(403);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada");
  });

  it("gets the app's own page where it makes one, by the reason", async () => {
    const app = createApp({
      onError: (error) =>
        new Response(`Ask for an invitation: ${(error as { reason?: string }).reason}`, { status: 403 }),
    });
    const page = await app.browser().login(`${app.origin}/auth/login`, { person: "grace" });
    expect([page.status, page.body]).toEqual([403, "Ask for an invitation: not_invited"]);
  });

  it("is not let in by a reload of the callback", async () => {
    const app = createApp();
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/auth/login`, { person: "grace" });
    const again = await browser.navigate(page.url);
    expect([again.status, again.body]).toEqual([200, "Log in"]);
    expect(app.provider.tokenRequests()).toHaveLength(1);
  });

  it("is refused with a code, not with a sentence", async () => {
    const app = createApp({ onLogin: (login): Profile => login.refuse("Not invited!") as never });
    const page = await app.browser().login(`${app.origin}/auth/login`, { person: "ada" });
    expect([page.status, page.body.includes("login_handler_failed")]).toEqual([503, true]);
  });
});
