import { authenticatedFetch, staticAuthenticator, type Tokens } from "@pixy/core";
import type { Settings } from "./options.ts";

/** A login that has just succeeded, as `onLogin` sees it. */
export interface NewLogin {
  /** What the provider granted. */
  readonly scope: readonly string[];
  readonly clientId: string;
  readonly authorizedAt: Date;
  /** Fetches from the provider's API with the new access token; relative URLs resolve against `provider.api`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** The access token itself, for an SDK. */
  accessToken(): string;
}

export function newLogin<Data>(settings: Settings<Data>, clientId: string, tokens: Tokens): NewLogin {
  const { api } = settings.provider;
  return {
    scope: tokens.scope,
    clientId,
    authorizedAt: new Date(tokens.authorizedAt),
    accessToken: () => tokens.accessToken,
    fetch: authenticatedFetch(staticAuthenticator(tokens), {
      origins: api === undefined ? [] : [new URL(api).origin],
      ...(api === undefined ? {} : { base: api }),
      fetch: settings.fetch,
    }),
  };
}
