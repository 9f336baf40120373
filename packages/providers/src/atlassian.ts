import { type Provider, presetProvider } from "@pixy/core";

/** Atlassian, for Jira and Confluence (3LO). Refresh tokens need `offline_access`, and live for 90 days without use, a year in all. */
export const atlassian: Provider = /* @__PURE__ */ presetProvider({
  name: "atlassian",
  issuer: "https://auth.atlassian.com",
  authorizationEndpoint: "https://auth.atlassian.com/authorize",
  tokenEndpoint: "https://auth.atlassian.com/oauth/token",
  api: "https://api.atlassian.com",
  parameters: { authorization: { audience: "api.atlassian.com", prompt: "consent" } },
  // Ten minutes; reuse after them ends all that the person allowed.
  refreshTokens: {
    ...{ rotation: "rotating", idleLifetime: 7_776_000, lifetime: 31_536_000, grace: 600, retryUnknown: false },
  },
  profile: {
    url: "https://api.atlassian.com/me",
    scopes: ["read:me"],
    ...{ id: "account_id", name: "name", email: "email", emailVerified: "email_verified", picture: "picture" },
  },
});
