import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Zitadel",
  register: "Your project in the console, **New**, *Web*, *PKCE*.",
  redirects: "As registered; http in development mode only.",
  client: "none",
  refreshToken: "Add the scope `offline_access`, and switch refresh tokens on.",
  odd: ["Every refresh replaces the refresh token."],
  unverified: ["Rotation, reuse and clocks: an administrator decides."],
  sources: [
    { url: "https://zitadel.com/docs/examples/login/angular", read: "2026-11-28" },
    { url: "https://zitadel.com/docs/concepts/structure/applications", read: "2026-11-28" },
    { url: "https://help.zitadel.com/how-to-enable-and-receive-refresh-tokens", read: "2026-11-28" },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://instance.zitadel.cloud",
};
