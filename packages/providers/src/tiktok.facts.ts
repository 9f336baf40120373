import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "TikTok",
  register: "<https://developers.tiktok.com/apps>, **Login Kit**, *Web*.",
  redirects: "https, without a query.",
  client: "post",
  refreshToken: "Every login gives one.",
  odd: [
    "The client id is called `client_key`, and scopes have commas.",
    "Each answer states how long the refresh token lives: 180 days since November 2026.",
    "A refresh ends the refresh token before it.",
    "`open_id` is handed to `onLogin`.",
  ],
  unverified: [
    "Whether the 180 days begin anew with each refresh: the preset says so, as each answer does.",
    "The desktop kit, which wants another form of the challenge, is not described.",
    "Redirect URIs for the web.",
  ],
  sources: [
    {
      url: "https://developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token",
      read: "2026-11-28",
      copyOf: "2026-11-02",
    },
    {
      url: "https://developers.tiktok.com/doc/oauth-get-a-user-access-token",
      read: "2026-11-28",
      copyOf: "2026-11-02",
    },
    { url: "https://developers.tiktok.com/doc/oauth-error-handling", read: "2026-11-25", by: "title" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
  ],
  scope: ["user.info.basic"],
};
