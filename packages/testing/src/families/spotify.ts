import { spotifyResources } from "../endpoints/api-endpoint.ts";
import { described, type Family } from "./family.ts";
import { standard } from "./standard.ts";

/** The strict server as it is, and clients with a secret, too. */
export const spotify: Family = {
  issuer: "https://accounts.spotify.com",
  paths: { authorize: "/authorize", token: "/api/token", revoke: null },
  settings: { rotation: "omit", expiresIn: 3600, refreshTokenLifetime: 180 * 86_400 },
  resources: spotifyResources,
  dialects: standard(["none", "basic"], { dead: "Refresh token revoked" }),
  scope: [],
  client: "none",
  clock: "documented",
  describes: (person) => described(person, { email: null, picture: null }),
};
