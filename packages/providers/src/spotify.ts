export {
  Scopes,
  type SdkAccessToken,
  type SdkStrategy,
  type SpotifyScope,
  sdkStrategy,
  spotify,
  spotifyAt,
} from "@pixy/core";
