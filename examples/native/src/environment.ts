import { defineProvider, type Provider } from "@pixy/core";
import { spotify, spotifyAt } from "@pixy/providers/spotify";

export interface Environment {
  readonly provider: Provider;
  readonly clientId: string;
}

/** A variable that cannot be used, and what to set instead. */
export class EnvironmentError extends Error {
  override readonly name: string = "EnvironmentError";
}

/** Reads `PROVIDER_URL` and `SPOTIFY_CLIENT_ID`, as the web examples do. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const { PROVIDER_URL, SPOTIFY_CLIENT_ID, PROVIDER_ROTATION } = variables;
  if (PROVIDER_URL) {
    if (!URL.canParse(PROVIDER_URL)) throw new EnvironmentError("PROVIDER_URL: give an absolute URL.");
    const url = PROVIDER_URL.replace(/\/$/, "");
    const rotation =
      PROVIDER_ROTATION === "rotating" || PROVIDER_ROTATION === "reusable" ? PROVIDER_ROTATION : "either";
    // Spotify has no device grant; the Spotify-shaped server has.
    const deviceAuthorizationEndpoint = `${url}/device_authorization`;
    const provider = defineProvider({ ...spotifyAt(url, { rotation }), deviceAuthorizationEndpoint });
    return { provider, clientId: SPOTIFY_CLIENT_ID || "pixy-demo" };
  }
  if (!SPOTIFY_CLIENT_ID) {
    throw new EnvironmentError(
      "SPOTIFY_CLIENT_ID: set it to the client id of your app at Spotify, with the redirect URI http://127.0.0.1/callback.",
    );
  }
  return { provider: spotify, clientId: SPOTIFY_CLIENT_ID };
}
