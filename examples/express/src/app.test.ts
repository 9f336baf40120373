import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { memoryStore } from "@pixy/express";
import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { readEnvironment } from "example-shared/environment";
import { afterEach, expect, it } from "vitest";
import { createApp } from "./app.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(prefix = "") {
  const provider = createAuthorizationServer();
  const http = await serve(provider);
  const server = createServer((req, res) => app(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(http.close, () => server.close().closeAllConnections());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    PROVIDER_URL: http.url,
    BASE_URL: origin + prefix,
    SESSION_SECRET: "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ",
  };
  const app = createApp(readEnvironment(variables, { port: 3001 }), memoryStore());
  return { provider, browser: createUserAgent(), url: origin + prefix };
}

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
