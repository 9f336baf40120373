import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Keycloak",
  register: "**Clients**, **Create client**, *OpenID Connect*, in your realm.",
  redirects: "As registered.",
  client: "none",
  refreshToken: "Every login gives one; `offline_access` makes one that outlives the session.",
  odd: ["Each answer states when the refresh token ends."],
  unverified: [
    "The clocks of offline sessions.",
    "That 0 says never.",
    "That `offline_access` makes a refresh token that outlives the session.",
  ],
  sources: [{ url: "https://stackoverflow.com/questions/52040265", read: "2026-11-25" }],
  scope: ["openid"],
  expression: '() => keycloak("https://id.example/realms/main")',
};
