import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Atlassian",
  register: "<https://developer.atlassian.com/console/myapps>, **OAuth 2.0 integration**, **Authorization**.",
  redirects: "Exactly as registered.",
  client: "post",
  refreshToken: "Add the scope `offline_access`.",
  odd: [
    "A replaced refresh token is answered for ten minutes; reuse after them ends all that the person allowed. The access token that came with it ends after them, too.",
    "It dies after 90 days without use, and a year after the consent.",
    "A dead one is refused with status 403.",
    "The site of an API call comes from `/oauth/token/accessible-resources`.",
  ],
  unverified: [
    "PKCE is sent, and nobody documents that it is looked at: keep the secret.",
    "That the token endpoint takes a form: libraries send one, the documentation is said to show JSON.",
  ],
  sources: [
    { url: "https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens", read: "2026-11-28" },
    {
      url: "https://community.developer.atlassian.com/t/the-old-access-token-will-be-revoked-during-the-refresh-token-exchange/83103",
      read: "2026-11-28",
    },
    { url: "https://community.developer.atlassian.com/t/54172", read: "2026-11-25" },
    { url: "https://community.developer.atlassian.com/t/60806", read: "2026-11-25" },
    { url: "https://github.com/microsoft/generative-ai-for-beginners/issues/342", read: "2026-11-25" },
  ],
  scope: ["read:me", "offline_access"],
};
