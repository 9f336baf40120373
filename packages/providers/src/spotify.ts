import {
  ConfigurationError,
  defineProvider,
  type Provider,
  type ProviderInput,
  presetProvider,
  type RefreshTokenRules,
} from "@pixy/core";

export { type SdkAccessToken, type SdkStrategy, sdkStrategy } from "./shared/spotify-sdk.ts";

/** The public scopes of Spotify's Web API. */
export const Scopes = {
  UgcImageUpload: "ugc-image-upload",
  UserReadPlaybackState: "user-read-playback-state",
  UserModifyPlaybackState: "user-modify-playback-state",
  UserReadCurrentlyPlaying: "user-read-currently-playing",
  Streaming: "streaming",
  AppRemoteControl: "app-remote-control",
  UserReadEmail: "user-read-email",
  UserReadPrivate: "user-read-private",
  PlaylistReadCollaborative: "playlist-read-collaborative",
  PlaylistModifyPublic: "playlist-modify-public",
  PlaylistReadPrivate: "playlist-read-private",
  PlaylistModifyPrivate: "playlist-modify-private",
  UserLibraryModify: "user-library-modify",
  UserLibraryRead: "user-library-read",
  UserTopRead: "user-top-read",
  UserReadPlaybackPosition: "user-read-playback-position",
  UserReadRecentlyPlayed: "user-read-recently-played",
  UserFollowRead: "user-follow-read",
  UserFollowModify: "user-follow-modify",
} as const;

/** A Spotify scope; any other string is accepted too, because Spotify has partner scopes. */
export type SpotifyScope = (typeof Scopes)[keyof typeof Scopes] | (string & {});

// Spotify says "six months" from the authorization and may or may not answer a refresh with a new refresh token.
const refreshTokens = { lifetime: 15_552_000 };

/** For the `parameters` of a login: Spotify asks for consent again, also when it was given before. */
export const showDialog = { show_dialog: "true" } as const;

const describe = (site: string, api: string): ProviderInput => ({
  name: "spotify",
  issuer: site,
  authorizationEndpoint: `${site}/authorize`,
  tokenEndpoint: `${site}/api/token`,
  api,
  parameters: { accountChoice: showDialog },
  profile: { url: `${api}/v1/me`, id: "id", name: "display_name", email: "email", picture: ["images", 0, "url"] },
  refreshTokens,
  checkRedirectUri,
});

/** Spotify, with its rules for redirect URIs and its refresh tokens of six months (180 days). */
export const spotify: Provider = /* @__PURE__ */ presetProvider(
  /* @__PURE__ */ describe("https://accounts.spotify.com", "https://api.spotify.com"),
);

/** Describes a Spotify-shaped server at `url`, e.g. a test provider; http is allowed on loopback. */
export function spotifyAt(url: string, overrides: Partial<RefreshTokenRules> = {}): Provider {
  const base = url.replace(/(?<!\/)\/+$/, "");
  return defineProvider({
    ...describe(base, base),
    refreshTokens: { ...refreshTokens, ...overrides },
    allowInsecureLoopback: true,
  });
}

// The string as written counts: `URL` would turn 127.1 and 0x7f.1 into 127.0.0.1, but Spotify compares literally.
function checkRedirectUri(redirectUri: string): void {
  const [, scheme, host = ""] = /^(https?):\/\/([^/?#]*)/i.exec(redirectUri) ?? [];
  const better = host.replace(/^([^:]*\.)?localhost\.?(?=:\d*$|$)/i, "127.0.0.1");
  if (better !== host) {
    throw new ConfigurationError("Spotify refuses localhost in a redirect URI.", {
      code: "spotify_redirect_localhost",
      option: "redirectUri",
      hint: `Use ${redirectUri.replace(host, better)} here and in Spotify's dashboard.`,
    });
  }
  if (scheme?.length === 4 && !/^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) {
    throw new ConfigurationError("Spotify refuses http in a redirect URI, except for 127.0.0.1 and [::1].", {
      code: "invalid_redirect_uri",
      option: "redirectUri",
      hint: "Use https, or http://127.0.0.1:PORT for development.",
    });
  }
}
