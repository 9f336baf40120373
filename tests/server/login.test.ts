import { defineProvider, spotify } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createWebApp } from "../lib/web-app.ts";

describe("login", () => {
  it("logs in, shows the profile and keeps the provider's rules", async () => {
    const app = createWebApp();
    const browser = app.browser();
    const page = await browser.login(`${app.origin}/me?x=1`, { person: "ada" });
    expect(page.url).toBe(`${app.origin}/me?x=1`);
    expect(page.status).toBe(200);
    expect((await browser.navigate(`${app.origin}/`)).body).toContain("Hello");
    expect(app.provider.violations).toEqual([]);
    expect(app.provider.tokenRequests()).toHaveLength(1);
  });

  it("logs in at a provider that names no API, as long as onLogin fetches nothing", async () => {
    const { api: _, ...provider } = spotify;
    const app = createWebApp({
      options: { provider: defineProvider(provider), onLogin: () => ({ name: "somebody" }) },
    });
    const page = await app.browser().login(`${app.origin}/auth/login`, { person: "ada" });
    expect(page.body).toBe("Hello somebody");
  });

  it("is still logged in an hour later, because the token is refreshed by itself", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    for (let hour = 1; hour <= 3; hour++) {
      app.clock.advance(3_601_000);
      expect((await browser.navigate(`${app.origin}/me`)).status).toBe(200);
      expect(app.provider.tokenRequests("refresh_token")).toHaveLength(hour);
    }
    expect(app.provider.violations).toEqual([]);
  });
});
