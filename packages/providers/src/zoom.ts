import { type Provider, presetProvider } from "@pixy/core";

/** Zoom. Its scopes are set in the marketplace. */
export const zoom: Provider = /* @__PURE__ */ presetProvider({
  name: "zoom",
  issuer: "https://zoom.us",
  authorizationEndpoint: "https://zoom.us/oauth/authorize",
  tokenEndpoint: "https://zoom.us/oauth/token",
  revocationEndpoint: "https://zoom.us/oauth/revoke",
  api: "https://api.zoom.us",
  refreshTokens: { rotation: "rotating", retryUnknown: false },
  answer: {
    // With `invalid_grant`, and as people report with others.
    error: ({ request, members: { reason } }) =>
      request === "refresh" && reason === "Invalid Token!" ? "ended" : undefined,
  },
  profile: {
    url: "https://api.zoom.us/v2/users/me",
    id: "id",
    name: "display_name",
    email: "email",
    emailVerified: ({ verified }) => verified === 1,
    picture: "pic_url",
  },
});
