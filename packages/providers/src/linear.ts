import { type Provider, presetProvider } from "@pixy/core";

/** Linear. */
export const linear: Provider = /* @__PURE__ */ presetProvider({
  name: "linear",
  issuer: "https://linear.app",
  authorizationEndpoint: "https://linear.app/oauth/authorize",
  tokenEndpoint: "https://api.linear.app/oauth/token",
  revocationEndpoint: "https://api.linear.app/oauth/revoke",
  revocation: { by: "form", field: "access_token", token: "access_token" },
  api: "https://api.linear.app",
  scope: { separator: "," },
  refreshTokens: { rotation: "rotating", retryUnknown: false },
  answer: {
    // Of a token that is revoked already.
    error: ({ request, status }) => (request === "revoke" && status === 400 ? "ended" : undefined),
  },
  profile: {
    url: "https://api.linear.app/graphql",
    method: "POST",
    body: '{"query":"{ viewer { id name email avatarUrl } }"}',
    scopes: ["read"],
    id: ["data", "viewer", "id"],
    name: ["data", "viewer", "name"],
    email: ["data", "viewer", "email"],
    picture: ["data", "viewer", "avatarUrl"],
  },
});
