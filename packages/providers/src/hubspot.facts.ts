import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "HubSpot",
  register: "<https://app.hubspot.com/developer>, **Create app**, **Auth**.",
  redirects: "https.",
  client: "post",
  refreshToken: "Every login gives one, which stays.",
  odd: [
    "There is no profile: who the person is stands in the introspection of the token.",
    "The preset sends no PKCE: a client needs a secret.",
    "`hub_id` is handed to `onLogin`.",
  ],
  unverified: ["The revocation’s path.", "That there is no PKCE.", "That a refresh token stays, and has no clock."],
  sources: [
    { url: "https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide", read: "2026-11-25", by: "title" },
    { url: "https://github.com/usertour/usertour/issues/490", read: "2026-11-25", copyOf: "2026-09-10" },
    { url: "https://nango.dev/blog/hubspot-oauth-bad-refresh-token", read: "2026-11-25", by: "title" },
  ],
  scope: ["oauth"],
};
