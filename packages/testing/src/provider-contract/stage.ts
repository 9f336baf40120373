import {
  type ClientAuthentication,
  createAuth,
  fromRequest,
  type LoginHandler,
  memoryStore,
  none,
  type PixyEvent,
  secretBasic,
  secretPost,
} from "@pixy/server";
import { createUserAgent, type UserAgent } from "../browser/user-agent.ts";
import type { Page } from "../browser/visit.ts";
import { families } from "../families/families.ts";
import { type Described, days, type Family } from "../families/family.ts";
import { type AuthorizationServer, createAuthorizationServer } from "../provider/authorization-server.ts";
import { type Clock, createClock } from "../state/clock.ts";
import type { ProviderContract } from "./provider-contract.ts";

/** Random once; it protects nothing. */
const secret = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";
const origin = "https://app.example";
const clientSecret = "secret-of-the-app";
const methods = { none: "none", basic: "client_secret_basic", post: "client_secret_post" } as const;

/** The whole of Pixy between a browser and a provider that answers as another one does; no network, one clock. */
export class ProviderStage {
  readonly clock: Clock = createClock();
  readonly events: PixyEvent[] = [];
  readonly family: Family;
  readonly contract: ProviderContract;
  readonly server: AuthorizationServer;
  readonly #answer: (request: Request) => Promise<Response>;
  /** What the app does after its answer. */
  readonly #later: Promise<unknown>[] = [];
  #secret: string = clientSecret;

  constructor(contract: ProviderContract) {
    this.contract = contract;
    this.family = families[contract.as];
    const { client, scope } = this.family;
    this.server = createAuthorizationServer({
      ...{ as: contract.as, clock: this.clock, maxRecords: 1000 },
      clients: [
        {
          clientId: "app",
          redirectUris: [this.at("/auth/callback")],
          authentication: methods[client],
          secret: clientSecret,
        },
      ],
    });
    this.#answer = this.#app(contract.scope ?? scope);
  }

  browser(answer: (request: Request) => Promise<Response> = this.#answer): UserAgent {
    const { authorizationEndpoint } = this.contract.provider;
    return createUserAgent({
      fetchers: {
        [origin]: answer,
        [new URL(authorizationEndpoint).origin]: (request) => this.server.fetch(request),
      },
    });
  }

  at(path: string): string {
    return `${origin}${path}`;
  }

  /** Logs Ada in, through the provider's login page, and comes back to the start page. */
  async login(browser: UserAgent = this.browser()): Promise<UserAgent> {
    await browser.login(this.at("/login"), { person: "ada" });
    return browser;
  }

  /** What an app with an `onLogin` is handed of the answer to a code. */
  async kept(): Promise<Readonly<Record<string, unknown>>> {
    let kept: Readonly<Record<string, unknown>> = {};
    const answer = this.#app(this.contract.scope ?? this.family.scope, (login) => {
      kept = login.kept;
      return null;
    });
    await this.login(this.browser(answer));
    return kept;
  }

  /** A call to the provider's API, behind the guard: its status, or our own error. */
  api(browser: UserAgent): Promise<Page> {
    return browser.call(this.at("/api"));
  }

  async session(browser: UserAgent): Promise<Readonly<Record<string, unknown>>> {
    return (await browser.call(this.at("/auth/session"))).json() as Record<string, unknown>;
  }

  /** What the session holds where the app has no `onLogin`: who the person is. */
  async person(browser: UserAgent): Promise<Described | null> {
    return (await browser.call(this.at("/"))).json() as Described | null;
  }

  logout(browser: UserAgent): Promise<Page> {
    return browser.submit(this.at("/auth/logout"));
  }

  /** Lets the access token expire, or its acceptance end where no lifetime is known. */
  async outliveAccessToken(browser: UserAgent): Promise<void> {
    const { expiresAt } = await this.session(browser);
    if (typeof expiresAt === "string") this.clock.set(Math.max(this.clock.now(), Date.parse(expiresAt) + 1000));
    else this.server.revokeAccessTokens();
  }

  get refreshes(): number {
    return this.server.tokenRequests("refresh_token").length;
  }

  /** Waits for what the app still does after its answers: a logout keeps nobody waiting for the provider. */
  async settle(): Promise<void> {
    await Promise.all(this.#later.splice(0));
  }

  /** The app proves itself by another secret from now on; null is the right one again. */
  useSecret(other: string | null): void {
    this.#secret = other ?? clientSecret;
  }

  #authentication(): ClientAuthentication {
    const { client } = this.family;
    if (client === "none") return none();
    const by = client === "basic" ? secretBasic : secretPost;
    return (...given) => by(this.#secret)(...given);
  }

  #app(scope: readonly string[], onLogin?: LoginHandler): (request: Request) => Promise<Response> {
    const { provider } = this.contract;
    const [first = "/"] = Object.keys(this.family.resources);
    const { path, method, body = null } = this.family.call ?? { path: first, method: "GET" };
    const auth = createAuth<unknown>({
      onLogin,
      // As long as a session can be: an access token of theirs may live for ninety days.
      session: { idle: 400 * days, absolute: 400 * days },
      ...(this.family.largeTokens === true ? { store: memoryStore({ now: this.clock.now }) } : {}),
      ...{ provider, clientId: "app", clientAuthentication: this.#authentication(), baseUrl: origin, secret, scope },
      ...{ fetch: this.server.fetch, now: this.clock.now, onEvent: (event) => this.events.push(event) },
    });
    return async (request) => {
      const context = { waitUntil: (promise: Promise<unknown>) => void this.#later.push(promise) };
      const handle = auth.open(fromRequest(request), context);
      const { pathname } = new URL(request.url);
      if (pathname === "/login") return auth.login(handle, { parameters: this.contract.parameters });
      if (pathname.startsWith("/auth/")) return auth.respond(handle);
      const finish = (response: Response): Response => {
        for (const [name, value] of handle.takeResponseHeaders()) response.headers.append(name, value);
        return response;
      };
      try {
        if (pathname === "/") return finish(Response.json((await handle.session())?.data ?? null));
        const login = await auth.requireLogin(handle);
        if (login instanceof Response) return login;
        const answer = await login.fetch(path, { method, body, headers: { "content-type": "application/json" } });
        return finish(Response.json({ answer: await answer.text() }, { status: answer.status }));
      } catch (error) {
        const response = await auth.errorResponse(error, handle);
        if (response === null) throw error;
        return response;
      }
    };
  }
}
