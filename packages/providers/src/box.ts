import { type Provider, presetProvider } from "@pixy/core";

/** Box. Its scopes are set in the developer console. */
export const box: Provider = /* @__PURE__ */ presetProvider({
  name: "box",
  issuer: "https://account.box.com",
  authorizationEndpoint: "https://account.box.com/api/oauth2/authorize",
  tokenEndpoint: "https://api.box.com/oauth2/token",
  revocationEndpoint: "https://api.box.com/oauth2/revoke",
  api: "https://api.box.com",
  // 60 days, and one use.
  refreshTokens: { rotation: "rotating", idleLifetime: 5_184_000, retryUnknown: false },
  profile: {
    url: "https://api.box.com/2.0/users/me",
    ...{ id: "id", name: "name", email: "login", picture: "avatar_url" },
  },
});
