import { pixy } from "@pixy/hono";
import { none, type PixyEvent, secretBasic } from "@pixy/server";
import { type Clock, createClock, createUserAgent, type Page, type UserAgent } from "@pixy/testing";
import { Hono } from "hono";
import { secret } from "../lib/web-app.ts";
import { answerOf } from "./answer.ts";
import type { RunningServer } from "./foreign-server.ts";

/** The origin of the app. No server listens there: the browser has the app at hand. */
export const baseUrl = "http://127.0.0.1:3999";
export const at = (path: string): string => `${baseUrl}${path}`;
export const redirectUri: string = at("/auth/callback");

/** The app under test: the whole of our packages, with a foreign server for a provider. */
export interface App {
  readonly clock: Clock;
  readonly events: readonly PixyEvent[];
  /** What the server answered to each POST, in order. */
  readonly answers: readonly { readonly url: string; readonly answer: string }[];
  /** The refresh tokens in those answers. */
  readonly refreshTokens: readonly string[];
  browser(): UserAgent;
  /** Logs somebody in, who starts at the path. */
  logIn(browser: UserAgent, path?: string): Promise<Page>;
}

export function createApp(server: RunningServer, options: { readonly callbackPath?: string } = {}): App {
  const clock = createClock();
  const events: PixyEvent[] = [];
  const refreshTokens: string[] = [];
  const answers: { url: string; answer: string }[] = [];
  const { provider, clientId, secret: clientSecret, scope, profile } = server;

  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method !== "POST") return response;
    const text = await response.clone().text();
    answers.push({ url: String(input), answer: answerOf(response.status, text) });
    const [, token] = /"refresh_token"\s*:\s*"([^"]+)"/.exec(text) ?? [];
    if (token !== undefined) refreshTokens.push(token);
    return response;
  };

  const auth = pixy<{ readonly person: string }>({
    ...{ provider, clientId, scope, baseUrl, secret, ...options },
    clientAuthentication: clientSecret === undefined ? none() : secretBasic(clientSecret),
    ...{ now: clock.now, fetch: recording, onEvent: (event) => events.push(event) },
    async onLogin(login) {
      const answer = await login.fetch(profile);
      if (!answer.ok) throw new Error(`The API answered with ${answer.status}.`);
      return { person: ((await answer.json()) as { sub: string }).sub };
    },
  });
  const app = new Hono();
  app.route("/", auth.routes());
  app.get("/", auth.middleware(), async (c) => {
    const session = await c.var.auth.session();
    return c.text(session === null ? "Log in" : `Hello ${session.data.person}`);
  });
  app.get("/me", auth.requireLogin(), async (c) => {
    const answer = await c.var.auth.fetch(profile);
    return c.json(await answer.json(), answer.ok ? 200 : 502);
  });

  return {
    ...{ clock, events, refreshTokens, answers },
    browser: () => createUserAgent({ fetchers: { [baseUrl]: (request) => app.fetch(request) } }),
    logIn: (browser, path = "/me") => server.visit(browser, at(path), "allow"),
  };
}
