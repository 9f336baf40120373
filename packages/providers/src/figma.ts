import { type Provider, presetProvider } from "@pixy/core";

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
    scopes: ["current_user:read"],
    ...{ id: "id", name: "handle", email: "email", picture: "img_url" },
  },
});
