import { authenticatedFetch } from "./authenticated-fetch.ts";
import type { Authenticator } from "./authenticator.ts";
import { isSupplied, supply } from "./supplied-tokens.ts";
import { expiresAt } from "./tokens.ts";

const api = "https://api.spotify.com";

/** The access token as `@spotify/web-api-ts-sdk` wants it. */
export interface SdkAccessToken {
  access_token: string;
  token_type: string;
  expires_in: number;
  /** Always empty: the SDK never refreshes by itself here. */
  refresh_token: string;
  expires?: number;
}

/** Has the shape of `IAuthStrategy` of `@spotify/web-api-ts-sdk`. */
export interface SdkStrategy {
  setConfiguration(configuration: unknown): void;
  getOrCreateAccessToken(): Promise<SdkAccessToken>;
  getAccessToken(): Promise<SdkAccessToken | null>;
  removeAccessToken(): void;
}

/**
 * Drives the official Spotify client with an authenticator: `new SpotifyApi(sdkStrategy(authenticator))`.
 * Its requests to Spotify's API go through `authenticatedFetch` and then the client's own `fetch`, so that a token that is
 * refused before its expiry is renewed, and a redirect is judged.
 */
export function sdkStrategy(authenticator: Authenticator): SdkStrategy {
  async function getOrCreateAccessToken(): Promise<SdkAccessToken> {
    const tokens = await supply(authenticator);
    const expires = expiresAt(tokens);
    return {
      access_token: tokens.accessToken,
      token_type: tokens.tokenType,
      expires_in: tokens.expiresIn ?? 3600,
      refresh_token: "",
      ...(expires === null ? {} : { expires }),
    };
  }
  function setConfiguration(configuration: unknown): void {
    const sdk = configuration as { fetch?: typeof fetch } | undefined;
    const plain = sdk?.fetch;
    if (!sdk || !plain) return;
    const renewing = authenticatedFetch(authenticator, { origins: [api], fetch: plain });
    sdk.fetch = (input, init) => {
      const isOurs = isSupplied(authenticator, new Headers(init?.headers).get("Authorization"));
      return isOurs && String(input).startsWith(`${api}/`) ? renewing(input, init) : plain(input, init);
    };
  }

  return {
    setConfiguration,
    getOrCreateAccessToken,
    getAccessToken: getOrCreateAccessToken,
    removeAccessToken() {},
  };
}
