import type { DiscordScope } from "./discord.ts";
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
      url: "https://github.com/discord/discord-api-docs/blob/c98d64bc233833839cf0d8d369e81b77f21ade60/developers/topics/oauth2.mdx",
      read: "2026-11-28",
      copyOf: "2026-08-06",
    },
    {
      url: "https://github.com/discord/discord-api-docs/blob/00995c3ea89ff9b40879f1c5b029e04a58666e0e/docs/topics/OAuth2.md",
      read: "2026-11-28",
    },
    { url: "https://logto.io/oauth-providers-explorer/discord", read: "2026-11-28" },
    { url: "https://discord.com/developers/docs/social-sdk/guides/account-linking", read: "2026-11-25", by: "title" },
    { url: "https://github.com/discord/discord-api-docs/issues/7046", read: "2026-11-25" },
    { url: "https://github.com/jaredhanson/passport-oauth2/issues/170", read: "2026-11-25" },
  ],
  scope: ["identify", "email"] satisfies DiscordScope[],
};
