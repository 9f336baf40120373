import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Logto",
  register: "**Applications**, **Create application**, *Traditional web*.",
  redirects: "As registered.",
  client: "basic",
  refreshToken: "Add the scope `offline_access`; the function asks for `prompt=consent`.",
  odd: [
    "An access token is a JWT for your API where the login and each refresh name its `resource`, which the function does.",
  ],
  unverified: [
    "Rotation and clocks.",
    "That the login and each refresh have to name a `resource`, and that `prompt=consent` is needed.",
  ],
  sources: [{ url: "https://github.com/nextauthjs/next-auth/tree/a1a16a5", read: "2026-11-25" }],
  scope: ["openid", "offline_access"],
  expression: '() => logto("https://tenant.logto.app/oidc", "https://api.example")',
};
