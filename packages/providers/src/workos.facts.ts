import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "WorkOS",
  register: "In its dashboard.",
  redirects: "As registered.",
  client: "none",
  refreshToken: "Add the scope `offline_access`.",
  odd: ["This is AuthKit. The SSO API is plain OAuth without a refresh token."],
  unverified: [
    "Rotation, reuse and clocks: an administrator decides.",
    "That AuthKit gives a refresh token for `offline_access`.",
  ],
  sources: [
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/nextauthjs/next-auth/tree/a1a16a5", read: "2026-11-25" },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://domain.authkit.app",
};
