import { createGrants, type GrantEvent, type Grants, memoryStore, type RecordStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { type Auth, type ConnectingOptions, createAuth, fromRequest, type PixyEvent } from "@pixy/server";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Clock,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type UserAgent,
} from "@pixy/testing";
import { secret } from "./web-app.ts";

export interface SharingApp {
  readonly auth: Auth<{ readonly name: string } | null, null>;
  readonly grants: Grants;
  readonly provider: AuthorizationServer;
  readonly clock: Clock;
  readonly store: RecordStore;
  readonly events: (PixyEvent | GrantEvent)[];
  browser(): UserAgent;
  /** A browser in which somebody has just logged in, on the page `/me`, unless the path is another. */
  loggedIn(person?: "ada" | "grace", path?: string): Promise<UserAgent>;
  /** What the session route says to a browser. */
  session(browser: UserAgent): Promise<{ readonly loggedIn: boolean; readonly scope?: readonly string[] }>;
}

export interface SharingAppInput {
  readonly options?: Partial<ConnectingOptions>;
  readonly server?: AuthorizationServerOptions;
  readonly store?: (store: RecordStore) => Partial<RecordStore>;
  /** An empty store; in the memory of this process, unless given. */
  readonly kept?: RecordStore;
}

const origin = "https://app.example";

/** An app whose sessions share the grants of their owners, on web standards. */
export function createSharingApp(input: SharingAppInput = {}): SharingApp {
  const { options, server, store: change = () => ({}) } = input;
  const clock = createClock(Date.UTC(2026, 0, 1));
  const paths = { revoke: "/api/revoke" };
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer, paths, ...server });
  const events: (PixyEvent | GrantEvent)[] = [];
  const onEvent = (event: PixyEvent | GrantEvent) => void events.push(event);
  const { fetch } = provider;
  const { now } = clock;
  const kept = input.kept ?? memoryStore({ now });
  const store = { ...kept, ...change(kept) };
  const preset = { ...spotify, revocationEndpoint: `${spotify.issuer}/api/revoke` };
  const registration = { provider: preset, clientId: "client-of-the-app" };
  const grants = createGrants({ providers: { spotify: registration }, secret, store, fetch, now, onEvent });
  const auth = createAuth({
    ...{ grants, baseUrl: origin, scope: ["user-read-private"], fetch, now, onEvent },
    ...options,
  } as ConnectingOptions<{ readonly name: string } | null>);

  async function answer(request: Request): Promise<Response> {
    const handle = auth.open(fromRequest(request));
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/auth/")) return auth.respond(handle);
    const login = await (pathname === "/playlists"
      ? auth.requireScope(handle, ["playlist-read-private"])
      : auth.requireLogin(handle));
    if (login instanceof Response) return login;
    const upstream = await login.fetch(pathname === "/playlists" ? "/v1/me/playlists" : "/v1/me");
    return Response.json(await upstream.json(), { status: upstream.status });
  }

  const browser = () => createUserAgent({ fetchers: { [origin]: answer, [new URL(spotify.issuer).origin]: fetch } });
  return {
    ...{ auth, grants, provider, clock, store, events, browser },
    async loggedIn(person = "ada", path = "/me") {
      const theirs = browser();
      await theirs.login(`${origin}${path}`, { person });
      return theirs;
    },
    async session(theirs) {
      return (await theirs.call(`${origin}/auth/session`)).json() as { readonly loggedIn: boolean };
    },
  };
}
