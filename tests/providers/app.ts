import {
  createAuth,
  fromRequest,
  type LoginHandler,
  none,
  type PixyEvent,
  type Provider,
  secretBasic,
  secretPost,
} from "@pixy/server";
import {
  type AuthorizationServer,
  type Clock,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type FamilyName,
  families,
  type Page,
  type UserAgent,
} from "@pixy/testing";
import { secret } from "../lib/web-app.ts";

const origin = "https://app.example";

/** An app with one provider, and a server that answers as it does. */
export interface ProviderApp {
  readonly server: AuthorizationServer;
  readonly clock: Clock;
  readonly events: readonly PixyEvent[];
  at(path: string): string;
  /** Answers a request as it comes, without a browser. */
  answer(request: Request): Promise<Response>;
  browser(): UserAgent;
  /** Logs Ada in. */
  login(): Promise<UserAgent>;
  /** A call behind the guard, to the provider's API. */
  api(browser: UserAgent): Promise<Page>;
  session(browser: UserAgent): Promise<Readonly<Record<string, unknown>>>;
}

export function createProviderApp(
  provider: Provider,
  as: FamilyName,
  scope: readonly string[] = families[as].scope,
  path: string = families[as].call?.path ?? Object.keys(families[as].resources)[0] ?? "/",
  onLogin: LoginHandler = () => ({ is: "in" }),
): ProviderApp {
  const clock = createClock();
  const events: PixyEvent[] = [];
  const server = createAuthorizationServer({ as, clock });
  const authentication = { none: none(), basic: secretBasic("secret"), post: secretPost("secret") };
  const auth = createAuth<unknown>({
    ...{ provider, clientId: "app", baseUrl: origin, secret, scope, fetch: server.fetch, now: clock.now },
    clientAuthentication: authentication[families[as].client],
    onEvent: (event) => events.push(event),
    onLogin,
  });
  async function answer(request: Request): Promise<Response> {
    const handle = auth.open(fromRequest(request));
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/auth/")) return auth.respond(handle);
    const finish = (response: Response): Response => {
      for (const [name, value] of handle.takeResponseHeaders()) response.headers.append(name, value);
      return response;
    };
    try {
      if (pathname === "/") return finish(Response.json((await handle.session())?.data ?? null));
      const login = await auth.requireLogin(handle);
      if (login instanceof Response) return login;
      const { status } = await login.fetch(path);
      return finish(Response.json({ status }, { status }));
    } catch (error) {
      const response = await auth.errorResponse(error, handle);
      if (response === null) throw error;
      return response;
    }
  }

  const at = (path: string): string => `${origin}${path}`;
  const browser = (): UserAgent =>
    createUserAgent({
      fetchers: {
        [origin]: answer,
        [new URL(provider.authorizationEndpoint).origin]: (request) => server.fetch(request),
      },
    });
  return {
    ...{ server, clock, events, at, answer, browser },
    async login() {
      const agent = browser();
      await agent.login(at("/auth/login"), { person: "ada" });
      return agent;
    },
    api: (agent) => agent.call(at("/api")),
    session: async (agent) => (await agent.call(at("/auth/session"))).json() as Record<string, unknown>,
  };
}
