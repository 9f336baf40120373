import {
  type AuthorizationServer,
  createAuthorizationServer,
  createUserAgent,
  type HttpServer,
  serve,
  type UserAgent,
} from "@pixy/testing";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { type ExampleProcess, startExample } from "../lib/example-process.ts";

export interface Stage {
  readonly provider: AuthorizationServer;
  readonly providerUrl: string;
  /** This test's browser; its cookies are new. */
  readonly browser: UserAgent;
  at(path: string): string;
  /** Token requests that spent a refresh token. */
  refreshes(): number;
  isLoggedIn(browser?: UserAgent): Promise<boolean>;
  /** Logs in with tokens that last for a second, and waits until they have expired. */
  logInAndExpire(): Promise<void>;
  expiry(expiresAt: string): Promise<void>;
}

/** The Next example in production and a provider that accepts each refresh token once, shared by the tests of a block. */
export function useStage(variables: Readonly<Record<string, string>> = {}): Stage {
  const provider = createAuthorizationServer();
  let server: HttpServer;
  let app: ExampleProcess;
  let browser: UserAgent;

  beforeAll(async () => {
    server = await serve(provider, { host: "localhost" });
    app = await startExample("next", { PROVIDER_URL: server.url, PROVIDER_ROTATION: "rotating", ...variables });
  });

  afterAll(async () => {
    await app?.stop();
    await server?.close();
  });

  beforeEach(() => {
    provider.reset();
    provider.configure({ expiresIn: 3600, rotation: "strict" });
    browser = createUserAgent();
  });

  const at = (path: string) => `${app.url}${path}`;
  const session = async (of: UserAgent) =>
    (await of.call(at("/auth/session"))).json() as { readonly loggedIn: boolean; readonly expiresAt: string };
  // The app has a clock of its own process, so this waits for the moment and not for a while.
  const expiry = (expiresAt: string) =>
    expect.poll(() => Date.now(), { timeout: 30_000, interval: 20 }).toBeGreaterThan(Date.parse(expiresAt));

  return {
    provider,
    at,
    expiry,
    get providerUrl() {
      return server.url;
    },
    get browser() {
      return browser;
    },
    refreshes: () => provider.tokenRequests("refresh_token").length,
    isLoggedIn: async (of = browser) => (await session(of)).loggedIn,
    async logInAndExpire() {
      provider.configure({ expiresIn: 1 });
      await browser.login(at("/auth/login"), { person: "ada" });
      await expiry((await session(browser)).expiresAt);
      provider.configure({ expiresIn: 3600 });
      provider.reset();
    },
  };
}
