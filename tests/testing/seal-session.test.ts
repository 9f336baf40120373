import { spotify } from "@pixy/providers/spotify";
import { createAuth, memoryStore, type PixyOptions } from "@pixy/server";
import { sealSession } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type Profile, secret } from "../lib/web-app.ts";

/** The app, and a browser that was given a minted session and never saw the login. */
async function sealed(changes: Partial<PixyOptions<Profile>> = {}) {
  const app = createWebApp({ options: changes, provider: { paths: { revoke: "/api/revoke" } } });
  const options: PixyOptions<Profile> = {
    provider: spotify,
    clientId: "client-of-the-app",
    baseUrl: app.origin,
    secret,
    now: app.clock.now,
    onLogin: () => ({ name: "of another login" }),
    ...changes,
  };
  const tokens = app.provider.issueTokens({
    clientId: options.clientId,
    person: "ada",
    scope: ["user-read-private"],
  });
  const cookies = await sealSession(options, { data: { name: "Ada" }, tokens });
  const browser = app.browser();
  for (const { name, value } of cookies) {
    await browser.setCookie(app.origin, `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`);
  }
  return { app, browser, cookies };
}

describe("sealSession", () => {
  for (const [name, changes] of [
    ["sealed in the cookie", () => ({})],
    ["with a record in a store", () => ({ store: memoryStore() })],
  ] as const) {
    it(`opens, refreshes and logs out, ${name}`, async () => {
      const { app, browser } = await sealed(changes());
      expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada");
      expect(app.provider.requests).toEqual([]);
      expect((await browser.call("/me")).json()).toMatchObject({ display_name: "Ada Lovelace" });
      app.clock.advance(3_600_000);
      expect((await browser.call("/me")).status).toBe(200);
      expect(app.provider.tokenRequests().map((request) => request.grantType)).toEqual(["refresh_token"]);
      expect((await browser.submit("/auth/logout", {}, { follow: false })).status).toBe(303);
      expect((await browser.navigate(`${app.origin}/`)).body).toBe("Log in");
      expect(app.provider.violations).toEqual([]);
    });
  }

  it("lives until the browser closes where the app's sessions do", async () => {
    const { cookies } = await sealed({ session: { persistent: false } });
    expect(cookies.map(({ expires }) => expires)).toEqual([-1]);
  });

  it("has the shape that Playwright's addCookies takes", async () => {
    const { app, cookies } = await sealed();
    expect(cookies).toEqual([
      {
        name: "__Host-pixy",
        value: expect.any(String),
        domain: "app.example",
        path: "/",
        expires: Math.floor(app.clock.now() / 1000) + 30 * 86_400,
        httpOnly: true,
        secure: true,
        sameSite: "Lax",
      },
    ]);
  });

  it("makes up tokens where nothing is fetched", async () => {
    const app = createWebApp();
    const cookies = await sealSession(
      {
        ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: app.origin, secret, now: app.clock.now },
        onLogin: (): Profile => ({ name: "of another login" }),
      },
      { data: { name: "Grace" } },
    );
    const browser = app.browser();
    for (const { name, value } of cookies) await browser.setCookie(app.origin, `${name}=${value}; Path=/; Secure`);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Grace");
  });

  it("opens at the provider that is named, in an app with several", async () => {
    const { origin, clock } = createWebApp();
    const way = { provider: spotify, clientId: "client-of-the-app", scope: ["user-read-private"] };
    const options = {
      ...{ providers: { one: way, two: way }, baseUrl: origin, secret, now: clock.now },
      onLogin: (): Profile => ({ name: "of another login" }),
    };
    const [cookie] = await sealSession(options, { data: { name: "Ada" }, provider: "two" });
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    const answer = await createAuth(options).handle(new Request(`${origin}/auth/session`, { headers }));
    expect(await answer.json()).toMatchObject({ loggedIn: true, provider: "two", scope: ["user-read-private"] });
    await expect(sealSession(options, { data: { name: "Ada" } })).rejects.toMatchObject({ option: "provider" });
  });
});
