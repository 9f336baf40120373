import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { diagnose, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, type RunningApp, serve } from "@pixy/testing";
import express, { type RequestHandler } from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "../lib/listen.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const about = /^(site|routes|login|options)/;
let provider: RunningApp;

beforeAll(async () => {
  provider = await serve(createAuthorizationServer());
});

afterAll(() => provider.close());

interface Site {
  /** Stands before the login, like a proxy. */
  readonly before?: RequestHandler;
  /** What the app is started with, where it differs from what is checked. */
  readonly app?: Partial<PixyOptions<unknown>>;
  readonly checked?: Partial<PixyOptions<unknown>>;
}

/** Starts an app and returns what is found about it. */
async function check({ before, app: other, checked }: Site) {
  const app = express();
  const site = await listen(app);
  const options = { provider: spotifyAt(provider.url), clientId: "client", baseUrl: site.url, secret };
  if (before) app.use(before);
  app.use("/auth", pixy({ ...options, ...other }).routes());
  try {
    return (await diagnose({ ...options, ...checked })).filter(({ code }) => about.test(code));
  } finally {
    await site.close();
  }
}

const changing =
  (name: string, change: (value: string) => string): RequestHandler =>
  (_request, response, next) => {
    const { writeHead } = response;
    response.writeHead = function (this: typeof response, ...given: unknown[]) {
      const values = [response.getHeader(name) ?? []].flat().map((value) => change(String(value)));
      if (values.length > 0)
        response.setHeader(
          name,
          values.filter((value) => value !== ""),
        );
      return Reflect.apply(writeHead, response, given);
    } as typeof response.writeHead;
    next();
  };

describe("checkSite", () => {
  it("finds an app that answers as it should", async () => {
    const found = await check({});
    expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual(["fine site", "fine login"]);
  });

  it("says that the app is not running", async () => {
    const gone = await listen(() => {});
    await gone.close();
    expect(await check({ checked: { baseUrl: gone.url } })).toMatchObject([
      { level: "warning", code: "site_unreachable", message: expect.stringContaining("ECONNREFUSED") },
    ]);
  });

  it.each<[string, Site, string, string]>([
    ["another redirect URI", { app: { callbackPath: "/back" } }, "options_differ", "/back"],
    ["another client id", { app: { clientId: "theirs" } }, "options_differ", "client id theirs"],
    ["another name", { app: { name: "theirs" } }, "login_cookie_missing", "theirs-login-"],
    ["another provider", { app: { provider: spotifyAt("http://127.0.0.1:9") } }, "login_elsewhere", "127.0.0.1:9"],
    ["another path", { checked: { authPath: "/login" } }, "routes_missing", "/login/session"],
    [
      "a proxy that redirects to https",
      { before: (request, response) => response.redirect(301, `https://app.test${request.url}`) },
      "site_redirects",
      "https://app.test/auth/session",
    ],
    ["a proxy without an app", { before: (_request, response) => void response.sendStatus(502) }, "site_fails", "502"],
    ["another program", { before: (_request, response) => void response.send("Hello") }, "site_is_another", "200"],
    ["a cache", { before: changing("cache-control", () => "public, max-age=60") }, "site_cached", "public, max-age=60"],
    ["a proxy that drops cookies", { before: changing("set-cookie", () => "") }, "login_cookie_missing", "none"],
    [
      "a proxy that rewrites cookies",
      { before: changing("set-cookie", (value) => `${value.replace(/; HttpOnly/i, "")}; Domain=app.test`) },
      "login_cookie_changed",
      "httponly is missing, domain=app.test was added",
    ],
  ])("finds %s", async (_what, site, code, words) => {
    const found = await check(site);
    expect(found).toContainEqual(
      expect.objectContaining({ level: "failure", code, message: expect.stringContaining(words) }),
    );
    for (const { hint = "" } of found.filter(({ level }) => level === "failure")) expect(hint).toMatch(/^\S.*[.?]$/);
  });
});
