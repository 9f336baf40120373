import { describe, expect, it } from "vitest";
import { createWebApp } from "../lib/web-app.ts";

async function loggedIn() {
  const app = createWebApp();
  const browser = app.browser();
  await browser.login(`${app.origin}/me`, { person: "ada" });
  await browser.navigate(`${app.origin}/auth/login`, { follow: false });
  await browser.navigate(`${app.origin}/`);
  return { app, browser, isLoggedIn: async () => (await browser.navigate(`${app.origin}/`)).body !== "Log in" };
}

describe("logout", () => {
  it("F7 ends the session and leaves no cookie of ours", async () => {
    const { app, browser } = await loggedIn();
    const copy = await browser.clone();
    const answer = await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
    expect(await browser.cookies(app.origin)).toEqual([]);
    expect((await copy.navigate(`${app.origin}/`)).body).toBe("Log in");
  });

  const refused: Record<string, Record<string, string>> = {
    "F8 same-site": { "sec-fetch-site": "same-site" },
    "F8 cross-site": { "sec-fetch-site": "cross-site" },
    "F10 Origin null": { "sec-fetch-site": "", origin: "null" },
    "F10 Origin of its http twin": { "sec-fetch-site": "", origin: "http://app.example" },
    "F10 Origin of a sibling": { "sec-fetch-site": "", origin: "https://evil.app.example" },
    "F11 neither header": { "sec-fetch-site": "", origin: "" },
    "F14 other case": { "sec-fetch-site": "SAME-ORIGIN" },
    "F14 twice": { "sec-fetch-site": "same-origin, cross-site" },
  };
  for (const [name, headers] of Object.entries(refused)) {
    it(`${name}: 403, session intact`, async () => {
      const { app, browser, isLoggedIn } = await loggedIn();
      const answer = await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false, headers });
      expect([answer.status, (answer.json() as { code: string }).code]).toEqual([403, "cross_site_request"]);
      expect(await isLoggedIn()).toBe(true);
    });
  }

  it("F9 takes the Origin where a browser sends no Fetch Metadata", async () => {
    const { app, browser } = await loggedIn();
    const headers = { "sec-fetch-site": "", origin: app.origin };
    expect((await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false, headers })).status).toBe(303);
  });

  it("F12 a GET logs nobody out", async () => {
    const { app, browser, isLoggedIn } = await loggedIn();
    const answer = await browser.navigate(`${app.origin}/auth/logout`, { follow: false });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await isLoggedIn()).toBe(true);
  });

  it("F3 what asks ahead of a person logs nobody out", async () => {
    const { app, browser, isLoggedIn } = await loggedIn();
    const headers = { "sec-purpose": "prefetch" };
    const answer = await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false, headers });
    expect([answer.status, answer.setCookies]).toEqual([204, []]);
    expect(await isLoggedIn()).toBe(true);
  });

  it("is for nobody in particular when nobody is logged in", async () => {
    const app = createWebApp();
    const answer = await app.browser().submit(`${app.origin}/auth/logout`, {}, { follow: false });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"]);
  });

  it("refuses nobody who has only begun to log in, and takes that away for our own page alone", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.navigate(`${app.origin}/auth/login`, { follow: false });
    for (const [site, left] of [
      ["cross-site", 1],
      ["", 1],
      ["same-origin", 0],
    ] as const) {
      const headers = { "sec-fetch-site": site, origin: "" };
      const answer = await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false, headers });
      expect([site, answer.status, answer.headers.get("location")]).toEqual([site, 303, "/"]);
      expect([site, (await browser.cookies(app.origin)).length]).toEqual([site, left]);
    }
  });
});
