import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Okta",
  register: "In its dashboard.",
  redirects: "As registered.",
  client: "none",
  refreshToken: "Add the scope `offline_access`.",
  odd: [
    "A single-page app rotates, with a grace of 30 seconds that an administrator may change; the preset counts on none.",
  ],
  unverified: [
    "Rotation, reuse and clocks: an administrator decides.",
    "That the org server (`https://org.okta.com`) and a custom server (`…/oauth2/default`) have different issuers.",
  ],
  sources: [
    { url: "https://developer.okta.com/docs/guides/refresh-tokens/main/", read: "2026-11-25", by: "title" },
    {
      url: "https://github.com/okta/okta-sdk-dotnet/blob/master/docs/OpenIdConnectApplicationSettingsRefreshToken.md",
      read: "2026-11-25",
    },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://org.okta.com/oauth2/default",
};
