import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Spotify",
  register: "<https://developer.spotify.com/dashboard>, **Create app**.",
  redirects: "https, or http for 127.0.0.1 and [::1] as written; `localhost` is refused.",
  client: "none",
  refreshToken: "Every login gives one.",
  odd: [
    "The login ends six months after the consent, whatever is refreshed; no answer says so.",
    "A refresh may or may not bring a new refresh token.",
    "A password reset that Spotify forces ends refresh tokens.",
  ],
  unverified: ["That no device grant exists."],
  sources: [
    {
      url: "https://developer.spotify.com/blog",
      read: "2026-11-25",
    },
    {
      url: "https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens",
      read: "2026-11-25",
    },
    {
      url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261",
      read: "2026-11-25",
    },
  ],
  scope: ["user-read-private"],
};
