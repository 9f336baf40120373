import type { Authenticator } from "./authenticator.ts";
import { expiresAt } from "./tokens.ts";

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
 * The client sends its requests itself, so that a redirect is followed as the runtime does it.
 */
export function sdkStrategy(authenticator: Authenticator): SdkStrategy {
  async function getOrCreateAccessToken(): Promise<SdkAccessToken> {
    const tokens = await authenticator.tokens();
    const expires = expiresAt(tokens);
    return {
      access_token: tokens.accessToken,
      token_type: tokens.tokenType,
      expires_in: tokens.expiresIn ?? 3600,
      refresh_token: "",
      ...(expires === null ? {} : { expires }),
    };
  }
  return {
    setConfiguration() {},
    getOrCreateAccessToken,
    getAccessToken: getOrCreateAccessToken,
    removeAccessToken() {},
  };
}
