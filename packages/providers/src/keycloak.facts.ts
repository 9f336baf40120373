import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Keycloak",
  register: "**Clients**, **Create client**, *OpenID Connect*, in your realm.",
  redirects: "As registered.",
  client: "none",
  refreshToken: "Every login gives one; `offline_access` makes one that outlives the session.",
  odd: ["Each answer states when the refresh token ends; 0 says never."],
  unverified: ["The clocks of offline sessions."],
  sources: [
    {
      url: "https://stackoverflow.com/questions/52040265",
      read: "2026-11-25",
    },
  ],
  scope: ["openid"],
  expression: '() => keycloak("https://id.example/realms/main")',
};
