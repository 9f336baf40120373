import { getRequestListener } from "@hono/node-server";
import { defineProvider, type ProviderInput } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { memoryStore, type PixyEvent, type PixyOptions } from "@pixy/server";
import {
  type AdapterProfile,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type RunningApp,
} from "@pixy/testing";
import express from "express";
// @ts-expect-error The types are those of Express 5.
import express4 from "express4";
import Fastify from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { pixy as pixyOfFastify } from "../../examples/fastify/src/pixy.ts";
import { listen } from "../lib/listen.ts";
import { secret } from "../lib/web-app.ts";
import { createExpressApp } from "./express-app.ts";
import { createHonoApp } from "./hono-app.ts";
import { prepareNext } from "./next-server.ts";

type Start = (options: PixyOptions<AdapterProfile>) => Promise<RunningApp>;

const next = prepareNext();

const adapters: Readonly<Record<string, Start>> = {
  "Express 5": (options) => listen(createExpressApp(express, [options])),
  "Express 4": (options) => listen(createExpressApp(express4 as unknown as typeof express, [options])),
  "Express behind a parser": (options) => {
    const app = express();
    app.use(express.urlencoded(), createExpressApp(express, [options]));
    return listen(app);
  },
  Hono: (options) => listen(getRequestListener(createHonoApp([options]).fetch)),
  Next: (options) => next(options),
  async Fastify(options) {
    const app = Fastify();
    const auth = pixyOfFastify(options);
    auth.routes(app);
    app.get("/me", { preHandler: auth.requireLogin() }, async (request) => {
      const answer = await auth.of(request).fetch("/v1/me");
      return answer.json();
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    return { url, close: () => app.close() };
  },
};

/** A provider that says who has logged in, and ends sessions for whoever knows its word. */
const routes: ProviderInput["routes"] = {
  async "back-channel-logout"({ form }, { endSessions }) {
    if (form.get("word") !== "from the provider") return new Response(null, { status: 400 });
    return Response.json({ ended: await endSessions({ sub: form.get("sub") ?? "" }) });
  },
};

/** It wants to be told of a logout, and leads back. */
const logoutUri: ProviderInput["logoutUri"] = ({ clientId, tokens, returnTo }) =>
  `https://provider.example/logout?${new URLSearchParams({ clientId, returnTo, scope: tokens.scope.join(" ") })}`;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.each(Object.entries(adapters))("a route of a provider's own, on %s", (name, start) => {
  async function world() {
    const clock = createClock();
    const server = createAuthorizationServer({ clock, issuer: spotify.issuer });
    const events: PixyEvent[] = [];
    const baseUrl = "https://app.example";
    let person = "";
    const app = await start({
      provider: defineProvider({ ...spotify, routes, logoutUri, checkTokens: () => ({ claims: { sub: person } }) }),
      ...{ clientId: "client-of-the-app", baseUrl, secret, name: `routes-${name.toLowerCase().replaceAll(" ", "-")}` },
      ...{ scope: ["user-read-private"], fetch: server.fetch, now: clock.now },
      store: memoryStore({ now: clock.now }),
      onEvent: (event) => void events.push(event),
      onLogin: () => ({ name: person }),
    });
    closing.push(() => app.close());
    const forward = async (request: Request) => {
      const { pathname, search } = new URL(request.url);
      const headers = new Headers(request.headers);
      headers.delete("host");
      return fetch(`${app.url}${pathname}${search}`, { method: request.method, headers, redirect: "manual" });
    };
    const post = (form: Record<string, string>) =>
      fetch(`${app.url}/auth/provider/back-channel-logout`, { method: "POST", body: new URLSearchParams(form) });
    return {
      ...{ events, post, baseUrl },
      async logIn(who: "ada" | "grace") {
        person = who;
        const browser = createUserAgent({
          fetchers: {
            [baseUrl]: forward,
            [new URL(spotify.authorizationEndpoint).origin]: (sent) => server.fetch(sent),
          },
        });
        await browser.login(`${baseUrl}/auth/login`, { person: who });
        return browser;
      },
    };
  }

  it("ends the sessions of one person in all their browsers, and nobody else's", async () => {
    const { logIn, post, events, baseUrl } = await world();
    const [desk, phone, grace] = [await logIn("ada"), await logIn("ada"), await logIn("grace")];
    const statuses = () =>
      Promise.all([desk, phone, grace].map(async (browser) => (await browser.call(`${baseUrl}/me`)).status));
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await post({ word: "from a stranger", sub: "ada" })).status).toBe(400);
    expect(await statuses()).toEqual([200, 200, 200]);
    const answer = await post({ word: "from the provider", sub: "ada" });
    expect([answer.status, await answer.json(), answer.headers.get("cache-control")]).toEqual([
      200,
      { ended: 2 },
      "private, no-store",
    ]);
    expect(await statuses()).toEqual([401, 401, 200]);
    expect(await (await post({ word: "from the provider", sub: "ada" })).json()).toEqual({ ended: 0 });
    expect(events.filter(({ type }) => type === "session.ended")).toHaveLength(2);
  });

  it("is where a logout goes on, with the session ended", async () => {
    const { logIn, baseUrl } = await world();
    const browser = await logIn("ada");
    const out = () => browser.submit(`${baseUrl}/auth/logout`, {}, { follow: false });
    const known = { clientId: "client-of-the-app", returnTo: `${baseUrl}/`, scope: "user-read-private" };
    const answer = await out();
    expect([answer.status, answer.headers.get("location")]).toEqual([
      303,
      `https://provider.example/logout?${new URLSearchParams(known)}`,
    ]);
    expect((await browser.call(`${baseUrl}/me`)).status).toBe(401);
    expect((await out()).headers.get("location")).toBe("/");
  });

  it("reads no form of more than 16 kB", async () => {
    const { post } = await world();
    const answer = await post({ word: "from the provider", long: "x".repeat(17_000) });
    // A parser of the app's own has a bound of its own.
    expect(answer.status).toBe(413);
  });
});
