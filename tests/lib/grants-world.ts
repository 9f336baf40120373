import { defineProvider, type Provider, type RefreshTokenRules } from "@pixy/core";
import {
  createGrants,
  type GrantEvent,
  type Grants,
  type GrantsOptions,
  memoryStore,
  type RecordStore,
  type TokensToKeep,
} from "@pixy/grants";
import { spotifyAt } from "@pixy/providers/spotify";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  type Clock,
  createAuthorizationServer,
  createClock,
} from "@pixy/testing";
import { secret } from "./web-app.ts";

export interface GrantsWorld {
  readonly clock: Clock;
  readonly server: AuthorizationServer;
  readonly store: RecordStore;
  readonly grants: Grants;
  readonly events: GrantEvent[];
  readonly provider: Provider;
  /** Another process of the same app, or of one with other options. */
  again(options?: Partial<GrantsOptions>): Grants;
  /** The tokens of a login. */
  tokens(person?: "ada" | "grace"): TokensToKeep;
  /** How many refresh requests the provider has seen. */
  refreshes(): number;
  types(): string[];
}

export interface GrantsWorldInput {
  readonly server?: AuthorizationServerOptions;
  readonly rules?: Partial<RefreshTokenRules>;
  readonly revocation?: boolean;
  readonly options?: Partial<GrantsOptions>;
}

/** Grants in memory, a provider without a network, and a clock that the test moves. */
export function createGrantsWorld({
  server: input = {},
  rules,
  revocation,
  options,
}: GrantsWorldInput = {}): GrantsWorld {
  const clock = createClock(Date.UTC(2026, 0, 1));
  const paths = revocation ? { paths: { revoke: "/api/revoke" } } : {};
  const server = createAuthorizationServer({ clock, ...paths, ...input });
  const { issuer } = server.settings;
  const spotify = spotifyAt(issuer, rules);
  const provider = revocation ? defineProvider({ ...spotify, revocationEndpoint: `${issuer}/api/revoke` }) : spotify;
  const store = memoryStore({ now: clock.now });
  const events: GrantEvent[] = [];
  const again = (change: Partial<GrantsOptions> = {}) =>
    createGrants({
      ...{
        providers: { spotify: { provider, clientId: "client" } },
        secret,
        store,
        fetch: server.fetch,
        now: clock.now,
      },
      ...{ onEvent: (event) => void events.push(event), ...options, ...change },
    });
  return {
    ...{ clock, server, store, events, provider, again, grants: again() },
    tokens(person = "ada") {
      const issued = server.issueTokens({ clientId: "client", person, scope: ["user-read-private"] });
      return { ...issued, createdAt: clock.now(), authorizedAt: clock.now() };
    },
    refreshes: () => server.tokenRequests("refresh_token").length,
    types: () => events.map(({ type }) => type),
  };
}
