import { type Provider, presetProvider } from "@pixy/core";

/** LinkedIn, whose token endpoint refuses a verifier. It gives refresh tokens to approved partners, for one year. */
export const linkedin: Provider = /* @__PURE__ */ presetProvider({
  name: "linkedin",
  issuer: "https://www.linkedin.com/oauth",
  authorizationEndpoint: "https://www.linkedin.com/oauth/v2/authorization",
  tokenEndpoint: "https://www.linkedin.com/oauth/v2/accessToken",
  api: "https://api.linkedin.com",
  pkce: "unsupportedByProvider",
  refreshTokens: {
    rotation: "reusable",
    lifetime: 31_536_000,
    stated: { field: "refresh_token_expires_in", clock: "absolute" },
  },
  profile: {
    url: "https://api.linkedin.com/v2/userinfo",
    scopes: ["openid", "profile", "email"],
    ...{ id: "sub", name: "name", email: "email", emailVerified: "email_verified", picture: "picture" },
  },
});
