import { staticAuthenticator, type Tokens } from "@pixy/core";
import { providerFetch } from "../session/provider-fetch.ts";
import type { Settings } from "../settings/settings.ts";

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
  return {
    scope: tokens.scope,
    clientId,
    authorizedAt: new Date(tokens.authorizedAt),
    accessToken: () => tokens.accessToken,
    // Late, because an app that never fetches needs no API.
    fetch: async (input, init) => providerFetch(settings, staticAuthenticator(tokens))(input, init),
  };
}
