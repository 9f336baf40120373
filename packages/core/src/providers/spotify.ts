import { ConfigurationError } from "../errors.ts";
import type { ProfileRule } from "../profile-rule.ts";
import { defineProvider, type Provider } from "../provider.ts";
import type { RefreshTokenRules } from "../refresh-token-rules.ts";

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
const refreshTokens = { rotation: "either", lifetime: 15_552_000, retryUnknown: true } as const;

const profileAt = (api: string): ProfileRule => ({
  url: `${api}/v1/me`,
  ...{ id: "id", name: "display_name", email: "email", picture: ["images", 0, "url"] },
});

/** Spotify, with its rules for redirect URIs and its refresh tokens of six months (180 days). */
export const spotify: Provider = /* @__PURE__ */ defineProvider({
  name: "spotify",
  issuer: "https://accounts.spotify.com",
  authorizationEndpoint: "https://accounts.spotify.com/authorize",
  tokenEndpoint: "https://accounts.spotify.com/api/token",
  api: "https://api.spotify.com",
  profile: /* @__PURE__ */ profileAt("https://api.spotify.com"),
  refreshTokens,
  checkRedirectUri,
});

/** Describes a Spotify-shaped server at `url`, e.g. a test provider; http is allowed on loopback. */
export function spotifyAt(url: string, overrides: Partial<RefreshTokenRules> = {}): Provider {
  const base = url.replace(/(?<!\/)\/+$/, "");
  return defineProvider({
    name: "spotify",
    issuer: base,
    authorizationEndpoint: `${base}/authorize`,
    tokenEndpoint: `${base}/api/token`,
    api: base,
    profile: profileAt(base),
    refreshTokens: { ...refreshTokens, ...overrides },
    allowInsecureLoopback: true,
    checkRedirectUri,
  });
}

// The string as written counts: `URL` would turn 127.1 and 0x7f.1 into 127.0.0.1, but Spotify compares literally.
function checkRedirectUri(redirectUri: string): void {
  const [, scheme, host = ""] = /^(https?):\/\/([^/?#]*)/i.exec(redirectUri) ?? [];
  if (!scheme) return;
  if (/(^|\.)localhost\.?(:\d*)?$/i.test(host)) {
    throw new ConfigurationError("Spotify does not accept localhost in a redirect URI.", {
      code: "spotify_redirect_localhost",
      option: "redirectUri",
      hint: `Use ${redirectUri.replace(host, host.replace(/^[^:]*/, "127.0.0.1"))} here, in Spotify's dashboard and in your browser.`,
    });
  }
  if (scheme.toLowerCase() === "http" && !/^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)) {
    throw new ConfigurationError("Spotify accepts http in a redirect URI only for 127.0.0.1 and [::1].", {
      code: "invalid_redirect_uri",
      option: "redirectUri",
      hint: "Use https, or http://127.0.0.1:PORT for development.",
    });
  }
}
