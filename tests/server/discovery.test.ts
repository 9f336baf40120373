import { discover, type Provider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { memoryStore, type PixyEvent } from "@pixy/server";
import { createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type Profile, type WebApp } from "../lib/web-app.ts";

const minute = 60_000;

/** An app that finds its provider at first use; `change` is what the metadata say later. */
function createApp(where: "cookie" | "memory" = "cookie") {
  const events: PixyEvent[] = [];
  const clock = createClock();
  const metadata = { change: (found: Provider): Provider => found };
  const app: WebApp = createWebApp({
    clock,
    provider: { paths: { revoke: "/api/revoke" } },
    options: {
      provider: async () => {
        const given = { name: "spotify", api: spotify.api, refreshTokens: spotify.refreshTokens };
        const found = await discover(spotify.issuer, { provider: given, fetch: app.provider.fetch, now: clock.now });
        return metadata.change(found);
      },
      store: where === "memory" ? memoryStore({ now: clock.now }) : undefined,
      onEvent: (event) => void events.push(event),
    },
  });
  const asked = () => app.provider.requests.filter(({ kind }) => kind === "metadata").length;
  return { ...app, metadata, events, asked };
}

type App = ReturnType<typeof createApp>;

async function logIn(app: App) {
  const browser = app.browser();
  const page = await browser.login(`${app.origin}/me`, { person: "ada" });
  expect(page.status).toBe(200);
  return browser;
}

describe.each(["cookie", "memory"] as const)("a provider that is found at first use, sessions in %s", (where) => {
  it("is not looked for until somebody logs in, and then once", async () => {
    const app = createApp(where);
    expect(app.auth.settings.provider).toBeNull();
    expect((await app.browser().navigate(`${app.origin}/`)).body).toBe("Log in");
    expect(app.asked()).toBe(0);
    const browsers = await Promise.all([logIn(app), logIn(app)]);
    expect(app.asked()).toBe(1);
    expect(app.auth.settings.provider?.issuer).toBe(spotify.issuer);
    app.clock.advance(60 * minute);
    for (const browser of browsers) expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.provider.tokenRequests("refresh_token")).toHaveLength(2);
    expect(app.provider.violations).toEqual([]);
  });

  it("is away at first use: 503 and no cookie, nothing asked for 10 seconds, then as if nothing had been", async () => {
    const app = createApp(where);
    app.provider.fault({ at: "metadata", kind: "status", status: 503 });
    const browser = app.browser();
    for (let count = 0; count < 3; count++) {
      const page = await browser.navigate(`${app.origin}/auth/login`);
      expect([page.status, page.setCookies, page.headers.get("retry-after")]).toEqual([503, [], "10"]);
      expect(page.body).toContain("provider_unavailable");
    }
    expect(app.asked()).toBe(1);
    expect(app.events).toContainEqual(expect.objectContaining({ type: "discovery.failed", provider: null }));
    app.provider.clearFaults();
    app.clock.advance(10_000);
    await logIn(app);
  });

  it("is away after a restart: who is logged in stays so, and a callback under way may be sent again", async () => {
    const app = createApp(where);
    const browser = await logIn(app);
    const [way] = app.auth.settings.ways;
    expect(way.provider.isFound).toBe(true);
    app.provider.fault({ at: "metadata", kind: "status", status: 503 });
    app.clock.advance(70 * minute);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
    // What was found stays in use.
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
  });
});

describe("a provider whose metadata change", () => {
  const elsewhere = "https://evil.example";
  const move = (found: Provider): Provider => ({ ...found, tokenEndpoint: `${elsewhere}/api/token` });

  /** An app whose requests to the new origin are seen, and answered by nobody. */
  async function moved() {
    const app = createApp();
    const early = app.browser();
    const start = await early.navigate(`${app.origin}/auth/login`, { follow: false });
    const browser = await logIn(app);
    app.metadata.change = move;
    app.clock.advance(11 * minute);
    await app.browser().navigate(`${app.origin}/auth/login`, { follow: false });
    await expect.poll(() => app.auth.settings.provider?.tokenEndpoint).toBe(`${elsewhere}/api/token`);
    return { app, early, start, browser };
  }

  it("gets no code and no refresh token of before at another origin, and that is told", async () => {
    const { app, early, start, browser } = await moved();
    expect(app.events).toContainEqual({ type: "provider.moved", provider: null, from: spotify.issuer, to: elsewhere });
    const callback = await app.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
    expect((await early.navigate(callback, { follow: false })).status).toBe(303);
    app.clock.advance(60 * minute);
    expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    expect(app.provider.tokenRequests().map(({ url }) => new URL(url).origin)).not.toContain(elsewhere);
  });

  it("sends new logins to the new one", async () => {
    const { app } = await moved();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    expect(app.provider.tokenRequests().map(({ url }) => new URL(url).origin)).toContain(elsewhere);
  });
});

describe("a session of a provider whose place another one took", () => {
  it("is nobody's, and its token goes nowhere", async () => {
    const app = createApp();
    const browser = await logIn(app);
    const issuer = "https://other.example";
    const other = createWebApp({
      clock: app.clock,
      provider: { issuer },
      options: {
        provider: () => discover(issuer, { provider: { api: issuer }, fetch: other.provider.fetch }),
        onLogin: (): Profile => ({ name: "Nobody" }),
      },
    });
    const cookie = (await browser.cookies(app.origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const ask = (path: string) => other.fetch(new Request(`${app.origin}${path}`, { headers: { cookie } }));
    expect((await ask("/me")).status).toBe(401);
    expect(other.provider.requests.map(({ kind }) => kind)).toEqual(["metadata"]);
  });
});
