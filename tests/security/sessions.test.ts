import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, issueSession, memoryStore, type PixyEvent, type RecordStore } from "@pixy/server";
import { createAuthorizationServer, createClock, type UserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, secret, type WebApp, type WebAppOptions } from "../lib/web-app.ts";

const hour = 3_600_000;

async function loggedIn(input: WebAppOptions = {}): Promise<{ app: WebApp; browser: UserAgent }> {
  const app = createWebApp(input);
  const browser = app.browser();
  await browser.login(`${app.origin}/me`, { person: "ada" });
  return { app, browser };
}

/** A memory store that tells what it holds, as somebody who reads the database sees it. */
function openStore(): { store: RecordStore; records: Map<string, string>; clock: ReturnType<typeof createClock> } {
  const clock = createClock();
  const store = memoryStore({ now: clock.now });
  const records = new Map<string, string>();
  const create: RecordStore["create"] = (key, sealed, ttl) => {
    records.set(key, sealed);
    return store.create(key, sealed, ttl);
  };
  return { store: { ...store, create }, records, clock };
}

async function cookieOf(app: WebApp, browser: UserAgent, name = app.auth.settings.cookies.session): Promise<string> {
  return (await browser.cookies(app.origin)).find((cookie) => cookie.name === name)?.value ?? "";
}

/** Who a Cookie header belongs to; never a throw, never anything but a session or null. */
async function personOf(app: WebApp, cookie: string): Promise<string | null> {
  const handle = app.auth.open({ method: "GET", url: "/", header: (name) => (name === "cookie" ? cookie : null) });
  const session = await handle.session();
  return session === null ? null : session.data.name;
}

describe("sessions", () => {
  it("V17 K4 the cookies of attempts, spent attempts and sessions do not open as each other", async () => {
    const { app, browser } = await loggedIn();
    const page = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
    const { session, attempt, spent } = app.auth.settings.cookies;
    const callback = new URL(await app.provider.authorize(page.headers.get("location") ?? "", { person: "ada" }));
    const login = `${attempt}${callback.searchParams.get("state")?.slice(0, 12)}`;
    const values = await Promise.all([session, login, spent].map((name) => cookieOf(app, browser, name)));
    expect(values.every((value) => value.length > 10)).toBe(true);
    const [ofSession = "", ofLogin = "", ofSpent = ""] = values;
    expect(await personOf(app, `${session}=${ofSession}`)).toBe("Ada Lovelace");
    for (const value of [ofLogin, ofSpent]) expect(await personOf(app, `${session}=${value}`)).toBeNull();
    for (const value of [ofSession, ofSpent]) {
      const request = new Request(callback, { headers: { cookie: `${login}=${value}` } });
      expect((await app.auth.handle(request)).status).toBe(400);
    }
    const withStore = createWebApp({ clock: app.clock, options: { store: memoryStore({ now: app.clock.now }) } });
    expect(await personOf(withStore, `${session}=${ofSession}`)).toBeNull();
  });

  it("K9 V10 is nobody's one millisecond after its end, and never a 500", async () => {
    const { app, browser } = await loggedIn({ options: { session: { idle: 3_600, absolute: 5_400 } } });
    const copy = `${app.auth.settings.cookies.session}=${await cookieOf(app, browser)}`;
    app.clock.advance(hour - 1);
    expect(await personOf(app, copy)).toBe("Ada Lovelace");
    app.clock.advance(1);
    expect(await personOf(app, copy)).toBeNull();
    const answer = await app.fetch(new Request(`${app.origin}/me`, { headers: { cookie: copy } }));
    expect(answer.status).toBe(401);
    // Read for the first time by a process that has not seen it.
    expect(await personOf(createWebApp({ clock: app.clock }), copy)).toBeNull();
  });

  it("K9 ends at its absolute end, however often it is used", async () => {
    const { app, browser } = await loggedIn({ options: { session: { idle: 3_600, absolute: 7_200 } } });
    for (let minutes = 0; minutes < 119; minutes += 7) {
      expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
      app.clock.advance(7 * 60_000);
    }
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Hello Ada Lovelace");
    app.clock.advance(60_000);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Log in");
  });

  it("K12 V16 with a store a copied cookie opens nothing after the logout, and nothing brings the record back", async () => {
    const { store, records, clock } = openStore();
    const { app, browser } = await loggedIn({ clock, options: { store } });
    const copy = `${app.auth.settings.cookies.session}=${await cookieOf(app, browser)}`;
    const [[key, sealed] = ["", ""]] = records;
    await browser.submit(`${app.origin}/auth/logout`);
    expect(await personOf(app, copy)).toBeNull();
    await store.touch(key, hour);
    await store.commit(key, 1, sealed, hour);
    expect([await store.read(key), await personOf(app, copy)]).toEqual([null, null]);
  });

  it("K13 V25 a copy of the store opens no session, and a record opens only where it stands", async () => {
    const { store, records, clock } = openStore();
    const { app, browser } = await loggedIn({ clock, options: { store } });
    const other = app.browser();
    await other.login(`${app.origin}/me`, { person: "grace" });
    const { session } = app.auth.settings.cookies;
    const [ids, keys] = [await Promise.all([browser, other].map((item) => cookieOf(app, item))), [...records.keys()]];
    expect([ids, keys].flat().every((text) => /^[\w-]{43}$/.test(text))).toBe(true);
    for (const [key, sealed] of records) {
      for (const value of [key, sealed, key.slice(0, 22)])
        expect(await personOf(app, `${session}=${value}`)).toBeNull();
      expect(ids.some((id) => `${key}${sealed}`.includes(id))).toBe(false);
    }
    for (const part of [ids[0]?.slice(0, 22), ids[0]?.slice(22), ids[0]?.slice(0, 22).padEnd(43, "A")]) {
      expect(await personOf(app, `${session}=${part}`)).toBeNull();
    }
    // Somebody who writes to the store swaps two records.
    const [[first, mine], [second, theirs]] = [...records] as [[string, string], [string, string]];
    await Promise.all([store.delete(first), store.delete(second)]);
    await store.create(first, theirs, hour);
    await store.create(second, mine, hour);
    const fresh = createWebApp({ clock, options: { store } });
    for (const id of ids) expect(await personOf(fresh, `${session}=${id}`)).toBeNull();
  });

  it("V52 with a store the secret alone makes no session", async () => {
    const { store, clock } = openStore();
    const app = createWebApp({ clock, options: { store } });
    const thief = { provider: spotify, clientId: "client-of-the-app", baseUrl: app.origin, secret, now: clock.now };
    const tokens = { accessToken: "forged" };
    for (const elsewhere of [{}, { store: memoryStore({ now: clock.now }) }]) {
      const [line = ""] = await issueSession<{ name: string }>(
        { ...thief, ...elsewhere },
        { tokens, data: { name: "Mallory" } },
      );
      expect(await personOf(app, line.slice(0, line.indexOf(";")))).toBeNull();
    }
  });

  it("V19 a session is a session or null, and a store that is away throws", async () => {
    const clock = createClock();
    const store = memoryStore({ now: clock.now });
    let isAway = false;
    const shaky: RecordStore = {
      ...store,
      read: (key) => {
        if (isAway) throw new Error("connection refused");
        return store.read(key);
      },
    };
    const { app, browser } = await loggedIn({ clock, options: { store: shaky } });
    const copy = `${app.auth.settings.cookies.session}=${await cookieOf(app, browser)}`;
    isAway = true;
    await expect(personOf(app, copy)).rejects.toMatchObject({ code: "store_unavailable", status: 503 });
    const answer = await app.fetch(new Request(`${app.origin}/me`, { headers: { cookie: copy } }));
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([503, []]);
    isAway = false;
    expect(await personOf(app, copy)).toBe("Ada Lovelace");
  });

  it("W8 the session route tells no token", async () => {
    const { app, browser } = await loggedIn();
    const { body } = await browser.call(`${app.origin}/auth/session`);
    const token = app.provider.requests.find(({ kind }) => kind === "api")?.headers.authorization?.slice(7);
    expect(body).toContain('"loggedIn":true');
    expect(token).toMatch(/^\S{20,}$/);
    for (const told of [token, "oken", "Ada"]) expect(body).not.toContain(told);
  });

  it("W9 W11 authorizedAt stays through refreshes, and the session ends when the provider says so", async () => {
    const { app, browser } = await loggedIn({ provider: { rotation: "rotate" } });
    const authorizedAt = async () =>
      ((await browser.call(`${app.origin}/auth/session`)).json() as { authorizedAt: string }).authorizedAt;
    const before = await authorizedAt();
    for (let count = 0; count < 3; count++) {
      app.clock.advance(hour + 1_000);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    }
    expect(await authorizedAt()).toBe(before);
    app.provider.revokeGrants();
    app.clock.advance(hour + 1_000);
    const page = await browser.call(`${app.origin}/me`);
    expect([page.status, page.setCookies.some((line) => line.includes("Max-Age=0"))]).toEqual([401, true]);
    expect((await browser.navigate(`${app.origin}/`)).body).toBe("Log in");
  });

  it("V9 gives each of 200 people their own token, whoever refreshes at the same time", async () => {
    const clock = createClock();
    // Tokens that say whose they are, handed out in an order that has nothing to do with the requests'.
    const waiting: (() => void)[] = [];
    const answer = async (_: unknown, init?: RequestInit): Promise<Response> => {
      const refreshToken = new URLSearchParams(String(init?.body)).get("refresh_token") ?? "";
      await new Promise<void>((resolve) => waiting.push(resolve));
      return Response.json({ access_token: `${refreshToken}-new`, token_type: "Bearer", expires_in: 3600 });
    };
    const options = {
      ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: "https://app.example", secret, now: clock.now },
      fetch: answer,
    };
    const people = Array.from({ length: 200 }, (_, index) => `person-${index}`);
    const lines = await Promise.all(
      people.map((person) =>
        issueSession(options, {
          tokens: { accessToken: `${person}-old`, refreshToken: person, expiresIn: 3600 },
          data: undefined,
        }),
      ),
    );
    clock.advance(hour);
    const auth = createAuth(options);
    const tokens = people.flatMap((person, index) =>
      [1, 2].map(async () => {
        const cookie = lines[index]?.[0]?.split(";")[0] ?? "";
        const handle = auth.open({ method: "GET", url: "/", header: (name) => (name === "cookie" ? cookie : null) });
        return { person, token: await (await handle.signedIn())?.accessToken() };
      }),
    );
    let answered = 0;
    while (answered < people.length) {
      await new Promise((resolve) => setImmediate(resolve));
      // The last first, and every third of what is left.
      for (let index = waiting.length - 1; index >= 0; index -= 3) {
        answered++;
        waiting.splice(index, 1)[0]?.();
      }
    }
    for (const { person, token } of await Promise.all(tokens)) expect(token).toBe(`${person}-new`);
    expect(answered).toBe(people.length);
  });

  it("R5 R6 a logout is done before the provider is asked to revoke, and asks with the refresh token", async () => {
    const clock = createClock();
    const events: PixyEvent[] = [];
    const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, paths: { revoke: "/revoke" } });
    const asked: URLSearchParams[] = [];
    const refreshTokens: string[] = [];
    let fail: (error: Error) => void = () => {};
    const app = createWebApp({
      clock,
      options: {
        provider: { ...spotify, revocationEndpoint: `${spotify.issuer}/revoke` },
        onEvent: (event) => events.push(event),
        fetch: async (input, init) => {
          if (!String(input).endsWith("/revoke")) {
            const answer = await provider.fetch(input as string, init);
            const { refresh_token: token } = (await answer.clone().json()) as { refresh_token?: string };
            if (token) refreshTokens.push(token);
            return answer;
          }
          asked.push(new URLSearchParams(String(init?.body)));
          return new Promise((_, reject) => {
            fail = reject;
          });
        },
      },
    });
    const browser = app.browser();
    const start = await browser.navigate(`${app.origin}/auth/login`, { follow: false });
    await browser.navigate(await provider.authorize(start.headers.get("location") ?? "", { person: "ada" }));
    const copy = `${app.auth.settings.cookies.session}=${await cookieOf(app, browser)}`;
    const page = await browser.submit(`${app.origin}/auth/logout`, {}, { follow: false });
    expect([page.status, await personOf(app, copy)]).toEqual([303, null]);
    expect(asked.map((body) => body.get("token"))).toEqual(refreshTokens);
    fail(new Error("connection reset"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.map((event) => event.type)).toContain("revocation.failed");
  });

  it("C8 the most that we put into a browser passes a server of Node, with room for the app's own cookies", async () => {
    const app = createWebApp({
      options: {
        onLogin: () => ({ name: "x".repeat(3_200) }),
        scope: Array(20)
          .fill("x")
          .map((text, index) => `${text.repeat(20)}${index}`),
      },
    });
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    for (let count = 0; count < 12; count++) {
      await browser.navigate(`${app.origin}/auth/login?returnTo=/${"y".repeat(900)}`, { follow: false });
    }
    const cookies = await browser.cookies(app.origin);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    expect(cookies.some(({ name }) => name.endsWith(".1"))).toBe(true);
    const server = createServer((request, response) => response.end(String(request.headers.cookie?.length)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}`, {
      headers: { cookie: `${cookie}; app=${"z".repeat(3_000)}` },
    });
    server.close();
    expect(answer.status).toBe(200);
  });
});
