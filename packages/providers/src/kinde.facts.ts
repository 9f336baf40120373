import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Kinde",
  register: "In its dashboard.",
  redirects: "As registered.",
  client: "none",
  refreshToken: "Add the scope `offline`.",
  odd: ["The scope is said to be `offline`, not `offline_access`."],
  unverified: ["The scope, rotation and clocks."],
  sources: [{ url: "https://github.com/nextauthjs/next-auth/tree/a1a16a5", read: "2026-11-25" }],
  scope: ["openid", "offline"],
  discover: "https://subdomain.kinde.com",
};
