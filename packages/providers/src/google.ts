import { type Provider, presetProvider } from "@pixy/core";

/**
 * Google, with the endpoints of its metadata, and with a refresh token: it asks for consent at each login. Its callbacks may carry an `iss` that its metadata does not announce.
 */
export const google: Provider = /* @__PURE__ */ presetProvider({
  name: "google",
  issuer: "https://accounts.google.com",
  authorizationEndpoint: "https://accounts.google.com/o/oauth2/v2/auth",
  tokenEndpoint: "https://oauth2.googleapis.com/token",
  deviceAuthorizationEndpoint: "https://oauth2.googleapis.com/device/code",
  revocationEndpoint: "https://oauth2.googleapis.com/revoke",
  api: "https://www.googleapis.com",
  // Without the first no refresh token, without the second none after the first consent.
  parameters: { authorization: { access_type: "offline", prompt: "consent" } },
  // Six months without use.
  refreshTokens: { rotation: "reusable", idleLifetime: 15_552_000 },
  answer: {
    // Of a token that is dead already.
    error: ({ request, members: { error } }) =>
      request === "revoke" && error === "invalid_token" ? "ended" : undefined,
  },
  profile: {
    url: "https://openidconnect.googleapis.com/v1/userinfo",
    scopes: ["openid", "email", "profile"],
    ...{ id: "sub", name: "name", email: "email", emailVerified: "email_verified", picture: "picture" },
  },
});
