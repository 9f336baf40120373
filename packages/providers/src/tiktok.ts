import { type Provider, presetProvider } from "@pixy/core";

/** TikTok's Login Kit for the web. It calls the client id `client_key`. */
export const tiktok: Provider = /* @__PURE__ */ presetProvider({
  name: "tiktok",
  issuer: "https://www.tiktok.com",
  authorizationEndpoint: "https://www.tiktok.com/v2/auth/authorize/",
  tokenEndpoint: "https://open.tiktokapis.com/v2/oauth/token/",
  revocationEndpoint: "https://open.tiktokapis.com/v2/oauth/revoke/",
  api: "https://open.tiktokapis.com",
  clientIdParameter: "client_key",
  scope: { separator: "," },
  refreshTokens: {
    rotation: "rotating",
    retryUnknown: false,
    stated: { field: "refresh_expires_in", clock: "idle" },
  },
  keep: ["open_id"],
  profile: {
    url: "https://open.tiktokapis.com/v2/user/info/?fields=open_id,display_name,avatar_url",
    scopes: ["user.info.basic"],
    id: ["data", "user", "open_id"],
    name: ["data", "user", "display_name"],
    picture: ["data", "user", "avatar_url"],
  },
});
