import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "WorkOS",
  register: "<https://dashboard.workos.com>, **Connect**, an *OAuth application*.",
  redirects: "Those under **Redirects**.",
  client: "post",
  refreshToken: "Add the scope `offline_access`.",
  odd: ["This is AuthKit. The SSO API is plain OAuth without a refresh token."],
  unverified: [
    "That such an application is made under **Connect**.",
    "Rotation, reuse and clocks: an administrator decides.",
  ],
  sources: [
    { url: "https://workos.com/docs/reference/workos-connect/metadata", read: "2026-11-28" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/nextauthjs/next-auth/tree/a1a16a5", read: "2026-11-25" },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://domain.authkit.app",
};
