import { expect, it } from "vitest";
import { start } from "../test/start.ts";

it("serves everything below the prefix of BASE_URL", async () => {
  const { browser, url } = await start("/shop");
  const page = await browser.login(`${url}/me?a=1`, { person: "ada" });
  expect(page.url).toBe(`${url}/me?a=1`);
  expect(page.json()).toMatchObject({ display_name: "Ada Lovelace" });
  const home = await browser.navigate(`${url}/`);
  expect(home.body).toContain("Hello, Ada Lovelace");
  expect(home.body).toContain('action="/shop/auth/logout"');
  expect((await browser.submit("/shop/auth/logout", {}, { follow: false })).headers.get("location")).toBe("/shop/");
  expect((await browser.navigate(`${new URL(url).origin}/me`)).status).toBe(404);
});

it("names its cookies after itself", async () => {
  const { browser, url } = await start();
  await browser.login(`${url}/me`, { person: "ada" });
  const names = (await browser.cookies(url)).map((cookie) => cookie.name);
  expect(names).not.toEqual([]);
  for (const name of names) expect(name).toMatch(/^pixy-express/);
});

it("shows the home page while the API is down, and says so where it is needed", async () => {
  const { browser, url, provider } = await start();
  await browser.login(`${url}/me`, { person: "ada" });
  provider.fault({ at: "api", kind: "reset-before-consume" });
  expect((await browser.navigate(`${url}/`)).body).toContain("Hello, Ada Lovelace");
  const me = await browser.call(`${url}/me`);
  expect(me.status).toBe(502);
  expect(me.json()).toMatchObject({ code: "api_failed" });
});

it("says why a login was not finished", async () => {
  const { browser, url } = await start();
  const page = await browser.login(`${url}/auth/login`, { person: "deny" });
  expect(page.url).toBe(`${url}/?auth_error=access_denied`);
  expect(page.body).toContain("You cancelled the login.");
});
