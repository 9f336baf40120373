import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Box",
  register: "<https://app.box.com/developers/console>, **Create Platform App**, **User Authentication (OAuth 2.0)**.",
  redirects: "https.",
  client: "post",
  refreshToken: "Every login gives one, for 60 days and one use.",
  odd: ["Scopes are set in the console."],
  unverified: [
    "Whether PKCE is looked at.",
    "What the reuse of a refresh token ends.",
    "That `http://localhost` works.",
  ],
  sources: [
    { url: "https://developer.box.com/guides/authentication/tokens/refresh", read: "2026-11-28" },
    { url: "https://developer.box.com/en/reference/post-oauth2-revoke/", read: "2026-11-28" },
    { url: "https://developer.box.com/reference/get-authorize", read: "2026-11-25", by: "title" },
  ],
  scope: [],
};
