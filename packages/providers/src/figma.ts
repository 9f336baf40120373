import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of Figma; some need its Enterprise plan. As read on 2026-11-28 in
 * [its API's description](https://github.com/figma/rest-api-spec/blob/af94bebd8a00bdf5cd24a4a4dc65d9e7ee95e6ec/openapi/openapi.yaml).
 */
export type FigmaScope =
  | "current_user:read"
  | "file_comments:read"
  | "file_comments:write"
  | "file_content:read"
  | "file_dev_resources:read"
  | "file_dev_resources:write"
  | "file_metadata:read"
  | "file_variables:read"
  | "file_variables:write"
  | "file_versions:read"
  | "files:read"
  | "library_analytics:read"
  | "library_assets:read"
  | "library_content:read"
  | "projects:read"
  | "team_library_content:read"
  | "webhooks:read"
  | "webhooks:write"
  | "org:activity_log_read";

/** Figma, whose refreshes have an endpoint of their own. */
export const figma: Provider = /* @__PURE__ */ presetProvider({
  name: "figma",
  issuer: "https://www.figma.com",
  authorizationEndpoint: "https://www.figma.com/oauth",
  tokenEndpoint: "https://api.figma.com/v1/oauth/token",
  refreshEndpoint: "https://api.figma.com/v1/oauth/refresh",
  api: "https://api.figma.com",
  refreshTokens: { rotation: "reusable" },
  profile: {
    url: "https://api.figma.com/v1/me",
    scopes: ["current_user:read"] satisfies FigmaScope[],
    ...{ id: "id", name: "handle", email: "email", picture: "img_url" },
  },
});
