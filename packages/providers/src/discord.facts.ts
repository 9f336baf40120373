import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Discord",
  register: "<https://discord.com/developers/applications>, **New Application**, **OAuth2**.",
  redirects: "http and https, exactly as registered.",
  client: "basic",
  refreshToken: "Every login gives one.",
  odd: [
    "The token endpoint may answer 429 with a page of a firewall: the tokens are kept, and asked again later.",
    "A revocation ends all that the person has allowed your app.",
    "With **Public Client** on, no secret is needed.",
  ],
  unverified: ["What becomes of a replaced refresh token, and the clocks of refresh tokens."],
  sources: [
    {
      url: "https://discord.com/developers/docs/topics/oauth2",
      read: "2026-11-25",
    },
    {
      url: "https://discord.com/developers/docs/social-sdk/guides/account-linking",
      read: "2026-11-25",
    },
    {
      url: "https://github.com/discord/discord-api-docs/issues/7046",
      read: "2026-11-25",
    },
  ],
  scope: ["identify", "email"],
};
