import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of Linear; those of agents are for `actor=app`. As read on 2026-11-28 in
 * [its page](https://linear.app/developers/oauth-2-0-authentication).
 */
export type LinearScope =
  | "read"
  | "write"
  | "issues:create"
  | "comments:create"
  | "timeSchedule:write"
  | "admin"
  | "app:assignable"
  | "app:mentionable"
  | "customer:read"
  | "customer:write"
  | "initiative:read"
  | "initiative:write";

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
    scopes: ["read"] satisfies LinearScope[],
    id: ["data", "viewer", "id"],
    name: ["data", "viewer", "name"],
    email: ["data", "viewer", "email"],
    picture: ["data", "viewer", "avatarUrl"],
  },
});
