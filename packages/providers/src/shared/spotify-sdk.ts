import { type Authenticator, authenticatedFetch, expiresAt } from "@pixy/core";

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
  // The last few: a request under way may carry the one before.
  const given: string[] = [];

  async function getOrCreateAccessToken(): Promise<SdkAccessToken> {
    const tokens = await authenticator.tokens();
    if (!given.includes(tokens.accessToken)) given.splice(0, given.length - 3, tokens.accessToken);
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
      const headers = new Headers(init?.headers);
      const isOurs = given.some((token) => headers.get("Authorization") === `Bearer ${token}`);
      if (!isOurs || !String(input).startsWith(`${api}/`)) return plain(input, init);
      headers.delete("Authorization");
      return renewing(input, { ...init, headers });
    };
  }

  return {
    setConfiguration,
    getOrCreateAccessToken,
    getAccessToken: getOrCreateAccessToken,
    removeAccessToken() {},
  };
}
