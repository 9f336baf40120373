import { type Provider, presetProvider } from "@pixy/core";

/** X, once Twitter. Refresh tokens need `offline.access`; one that is shown twice ends the login, and so does half a year. */
export const x: Provider = /* @__PURE__ */ presetProvider({
  name: "x",
  issuer: "https://x.com",
  authorizationEndpoint: "https://x.com/i/oauth2/authorize",
  tokenEndpoint: "https://api.x.com/2/oauth2/token",
  revocationEndpoint: "https://api.x.com/2/oauth2/revoke",
  api: "https://api.x.com",
  refreshTokens: { rotation: "rotating", retryUnknown: false },
  answer: {
    // At a code exchange the same words are a mistake of the caller.
    error: ({ request, members: { error, error_description } }) =>
      request === "refresh" && error === "invalid_request" && /token was invalid/.test(String(error_description))
        ? "ended"
        : undefined,
  },
  profile: {
    url: "https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email",
    scopes: ["users.read", "tweet.read", "users.email"],
    id: ["data", "id"],
    name: ["data", "name"],
    email: ["data", "confirmed_email"],
    picture: ["data", "profile_image_url"],
  },
});
