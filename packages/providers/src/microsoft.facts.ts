import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Microsoft Entra ID",
  register: "<https://entra.microsoft.com>, **App registrations**, **New registration**, with a *Web* redirect URI.",
  redirects: "https; http for localhost alone, whose port is ignored.",
  client: "post",
  refreshToken: "Add the scope `offline_access`.",
  odd: [
    "`common` and `organizations` have no issuer of their own: the preset takes the id of one tenant. `microsoft(consumers)` is for personal accounts.",
    "A *Web* redirect URI wants a secret, PKCE or not. The *SPA* type is not for servers: it wants an `Origin` header and gives 24 hours in all.",
    "A refresh brings a new refresh token for 90 days; those before it stay valid.",
    "Where people log in by a one-time passcode sent by e-mail, refresh tokens live for 24 hours: the preset does not know.",
    "`sub` differs from app to app. The picture is no address that a browser can load.",
    "Who says no to a login on another screen is `authorization_declined`; it is read as `access_denied` is.",
  ],
  unverified: ["That the access token lives 60 to 90 minutes, at random.", "That there is no revocation."],
  sources: [
    { url: "https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens", read: "2026-11-28" },
    { url: "https://docs.azure.cn/en-us/entra/identity-platform/refresh-tokens", read: "2026-11-28" },
    {
      url: "https://github.com/MicrosoftDocs/entra-docs/blob/0358995965b03e866d4b22a25625f4c558f121b9/docs/identity-platform/v2-oauth2-device-code.md",
      read: "2026-11-28",
      copyOf: "2024-01-10",
    },
    {
      url: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow",
      read: "2026-11-25",
      by: "title",
    },
    { url: "https://learn.microsoft.com/entra/identity-platform/reply-url", read: "2026-11-25", by: "title" },
    { url: "https://github.com/panva/openid-client/issues/893", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
  ],
  scope: ["openid", "profile", "email", "offline_access"],
  expression: 'microsoft("72f988bf-86f1-41af-91ab-2d7cd011db47")',
};
