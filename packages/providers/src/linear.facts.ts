import type { LinearScope } from "./linear.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Linear",
  register: "<https://linear.app/settings/api>, **OAuth applications**.",
  redirects: "Exactly as registered.",
  client: "none",
  refreshToken: "Every login gives one.",
  odd: [
    "Scopes are sent with commas.",
    "The revocation wants `access_token`; 400 says that it was gone.",
    "With PKCE no secret is needed.",
  ],
  unverified: ["Whether a replaced refresh token is answered for a while."],
  sources: [
    { url: "https://linear.app/developers/agents", read: "2026-11-28" },
    { url: "https://linear.app/developers/oauth-2-0-authentication", read: "2026-11-28" },
    { url: "https://nango.dev/blog/linear-oauth-refresh-token-invalid-grant", read: "2026-11-27" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
  ],
  scope: ["read"] satisfies LinearScope[],
};
