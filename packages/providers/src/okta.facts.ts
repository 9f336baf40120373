import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Okta",
  register:
    "Admin Console, **Applications**, **Create App Integration**, *OIDC - OpenID Connect*, *Web Application*; tick **Refresh Token**.",
  redirects: "Those under **Sign-in redirect URIs**.",
  client: "basic",
  refreshToken: "Add the scope `offline_access`.",
  odd: [
    "A single-page app rotates, with a grace of 30 seconds that an administrator may change; the preset counts on none.",
  ],
  unverified: [
    "That a web application proves itself by Basic.",
    "Rotation, reuse and clocks: an administrator decides.",
    "That the org server (`https://org.okta.com`) and a custom server (`…/oauth2/default`) have different issuers.",
  ],
  sources: [
    { url: "https://docs.commercetools.com/tutorials/integration-guides/okta", read: "2026-11-28" },
    { url: "https://help.okta.com/en-us/Content/Topics/Apps/Apps_App_Integration_Wizard_OIDC.htm", read: "2026-11-28" },
    { url: "https://developer.okta.com/docs/guides/refresh-tokens/main/", read: "2026-11-25", by: "title" },
    {
      url: "https://github.com/okta/okta-sdk-dotnet/blob/master/docs/OpenIdConnectApplicationSettingsRefreshToken.md",
      read: "2026-11-25",
    },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://org.okta.com/oauth2/default",
};
