import { type Provider, presetProvider } from "@pixy/core";

/** A public integration of Notion. It has no scopes: people choose pages. */
export const notion: Provider = /* @__PURE__ */ presetProvider({
  name: "notion",
  issuer: "https://api.notion.com",
  authorizationEndpoint: "https://api.notion.com/v1/oauth/authorize",
  tokenEndpoint: "https://api.notion.com/v1/oauth/token",
  revocationEndpoint: "https://api.notion.com/v1/oauth/revoke",
  revocation: { by: "json", field: "token", token: "access_token" },
  api: "https://api.notion.com",
  pkce: "unsupportedByProvider",
  parameters: { authorization: { owner: "user" } },
  // The revocation wants it, too.
  headers: { token: { "Notion-Version": "2026-03-11" }, api: { "Notion-Version": "2026-03-11" } },
  refreshTokens: { rotation: "rotating", retryUnknown: false },
  keep: ["workspace_id", "workspace_name", "bot_id"],
  profile: {
    url: "https://api.notion.com/v1/users/me",
    id: ["bot", "owner", "user", "id"],
    name: ["bot", "owner", "user", "name"],
    email: ["bot", "owner", "user", "person", "email"],
    picture: ["bot", "owner", "user", "avatar_url"],
  },
});
