import { memoryStore, type PixyEvent } from "@pixy/server";
import { createClock, type Page, type UserAgent } from "@pixy/testing";
import { createWebApp, type WebApp, type WebAppOptions } from "./web-app.ts";

/** Where the sessions of a test live. */
export type Where = "cookie" | "memory";

export interface RefreshApp extends WebApp {
  readonly where: Where;
  readonly events: PixyEvent[];
  /** How many refresh requests the provider has seen. */
  refreshes(): number;
  /** Opens what was held back with a `delay` fault of `milliseconds`. */
  open(milliseconds: number): void;
}

/** The web app with a store of its own, its events, and delays that end when the test says so. */
export function createRefreshApp(where: Where, input: WebAppOptions = {}): RefreshApp {
  const clock = input.clock ?? createClock(Date.UTC(2026, 0, 1));
  const events: PixyEvent[] = [];
  const gates = new Map<number, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  const gate = (milliseconds: number) => {
    const held = gates.get(milliseconds) ?? Promise.withResolvers<void>();
    gates.set(milliseconds, held);
    return held;
  };
  const app = createWebApp({
    clock,
    provider: { ...input.provider, wait: (milliseconds) => gate(milliseconds).promise },
    options: {
      onEvent: (event) => events.push(event),
      ...(where === "memory" ? { store: memoryStore({ now: clock.now }) } : {}),
      ...input.options,
    },
  });
  return {
    ...app,
    where,
    events,
    refreshes: () => app.provider.tokenRequests("refresh_token").length,
    open: (milliseconds) => gate(milliseconds).resolve(),
  };
}

/** Somebody who is logged in, and the Cookie header of that moment. */
export interface Visitor {
  readonly browser: UserAgent;
  readonly cookie: string;
}

export async function logIn(app: WebApp, person: "ada" | "grace" = "ada"): Promise<Visitor> {
  const browser = app.browser();
  await browser.login(`${app.origin}/me`, { person });
  await browser.call(`${app.origin}/public`);
  return { browser, cookie: browser.hops.at(-1)?.requestHeaders.cookie ?? "" };
}

/** What a script on the page sends, with exactly this Cookie header. */
export function callWith(app: WebApp, cookie: string, path = "/me"): Promise<Response> {
  return app.fetch(new Request(`${app.origin}${path}`, { headers: { cookie, "sec-fetch-mode": "cors" } }));
}

/** The access tokens that the API has seen, in order. */
export function tokensUsed(app: WebApp): string[] {
  return app.provider.requests
    .filter(({ kind }) => kind === "api")
    .map(({ headers }) => headers.authorization ?? "none");
}

export function codeOf(page: Page): string {
  return (page.json() as { code: string }).code;
}

/** Whether an answer gives a cookie of ours a value; clearing is none. */
export function setsSession(response: Response): boolean {
  return response.headers.getSetCookie().some((line) => /pixy[^=]*=[^;]/.test(line) && !/max-age=0/i.test(line));
}
