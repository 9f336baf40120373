import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import type { NewLogin, PixyEvent, PixyOptions } from "@pixy/server";
import { type IncomingResponse, sendOverHttp } from "../browser/http-transport.ts";
import { createUserAgent, type UserAgent } from "../browser/user-agent.ts";
import { type AuthorizationServer, createAuthorizationServer } from "../provider/authorization-server.ts";
import { type Clock, createClock } from "../state/clock.ts";
import type { AdapterContract, AdapterProfile, RunningApp } from "./adapter-contract.ts";

/** Random once; it protects nothing. */
const secret = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";
const origin = "https://app.example";
/** Below it lies an instance for users that the app has of its own. */
export const connectingPath = "/connecting";

/** An app under test behind a proxy that ends TLS, a provider without a network, and one clock for both. */
export class AdapterStage {
  readonly clock: Clock = createClock();
  readonly provider: AuthorizationServer = createAuthorizationServer({ clock: this.clock, issuer: spotify.issuer });
  /** What all instances have told. */
  readonly events: PixyEvent[] = [];
  /** What the framework calls the requests of the callbacks that `onLogin` was asked in. */
  readonly requests: unknown[] = [];
  #app: RunningApp | undefined;

  /** Starts one app with an instance of the login below each of the paths. */
  async open(contract: AdapterContract, paths: readonly string[]): Promise<void> {
    this.#app = await contract.start(...paths.map((path) => this.#optionsBelow(path)));
  }

  async close(): Promise<void> {
    await this.#app?.close();
  }

  browser(): UserAgent {
    const provider = new URL(spotify.issuer).origin;
    return createUserAgent({
      fetchers: {
        [origin]: (request) => this.#forward(request),
        [provider]: (request) => this.provider.fetch(request),
      },
    });
  }

  async loggedIn(path = "/me"): Promise<UserAgent> {
    const browser = this.browser();
    await browser.login(this.at(path), { person: "ada" });
    this.provider.reset();
    return browser;
  }

  /** The session cookie of a person who has just logged in, as a request carries it. */
  async cookieOf(person: "ada" | "grace"): Promise<string> {
    const browser = this.browser();
    await browser.login(this.at("/me"), { person });
    const session = (await browser.cookies(this.at("/"))).find(({ name }) => name === "__Host-contract");
    return `${session?.name}=${session?.value}`;
  }

  /** Sends a request line as it is given, with nothing of what a browser would make of it. */
  send(method: string, target: string): Promise<IncomingResponse> {
    const headers = { host: new URL(origin).host };
    return sendOverHttp({ method, url: new URL(`${this.#app?.url}`), target, headers, body: null, signal: undefined });
  }

  at(path: string): string {
    return `${origin}${path}`;
  }

  get refreshes(): number {
    return this.provider.tokenRequests("refresh_token").length;
  }

  #optionsBelow(path: string): PixyOptions<AdapterProfile> {
    const provider = path === "/posted" ? ({ ...spotify, responseMode: "form_post" } as const) : spotify;
    const way = { provider, clientId: "client-of-the-app", scope: ["user-read-private"] };
    const common = this.#commonBelow(path);
    if (path !== connectingPath) {
      // Two keys of the same issuer and client id, which are the easiest to mix up.
      const ways = path === "/several" ? { providers: { one: way, two: way } } : way;
      return { ...common, ...(ways as typeof way), secret };
    }
    const { fetch } = this.provider;
    const { now } = this.clock;
    const { scope, ...registration } = way;
    const store = memoryStore({ now });
    const grants = createGrants({ providers: { spotify: registration }, secret, store, fetch, now });
    // What an app adds is who of its users asks.
    return {
      ...{ ...common, grants, scope },
      accountOf: async (login: NewLogin) => ((await (await login.fetch("/v1/me")).json()) as { id: string }).id,
    } as unknown as PixyOptions<AdapterProfile>;
  }

  #commonBelow(path: string) {
    return {
      baseUrl: `${origin}${path}`,
      name: `contract${path.replaceAll("/", "-")}`,
      fetch: this.provider.fetch,
      now: this.clock.now,
      onEvent: (event: PixyEvent) => void this.events.push(event),
      // Behind the guard, which is to be told.
      ...(path === "/second" ? { afterLogout: "/second/me" } : {}),
      onLogin: async (login: NewLogin, request: unknown) => {
        this.requests.push(request);
        const me = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
        return { name: me.display_name };
      },
    };
  }

  /** What a reverse proxy does: the path and the headers as they came, the Host that the browser named. */
  async #forward(request: Request): Promise<Response> {
    const { pathname, search, host } = new URL(request.url);
    const { status, headers, body } = await sendOverHttp({
      method: request.method,
      url: new URL(`${this.#app?.url}${pathname}${search}`),
      headers: { ...Object.fromEntries(request.headers), host },
      body: request.body === null ? null : await request.text(),
      signal: request.signal,
    });
    headers.delete("transfer-encoding");
    return new Response([204, 304].includes(status) ? null : body, { status, headers });
  }
}
