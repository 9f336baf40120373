import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Kinde",
  register: "**Settings**, **Applications**, *Back-end web*; then **Allowed callback URLs**.",
  redirects: "Those under **Allowed callback URLs**.",
  client: "post",
  refreshToken: "Add the scope `offline`.",
  odd: ["The scope is said to be `offline`, not `offline_access`."],
  unverified: [
    "That a back-end application proves itself by its secret in the body.",
    "The scope, rotation and clocks.",
  ],
  sources: [
    { url: "https://github.com/kinde-starter-kits/kinde-nodejs-starter-kit", read: "2026-11-28" },
    { url: "https://docs.kinde.com/get-started/guides/byo-code/", read: "2026-11-28" },
    { url: "https://github.com/nextauthjs/next-auth/tree/a1a16a5", read: "2026-11-25" },
  ],
  scope: ["openid", "offline"],
  discover: "https://subdomain.kinde.com",
};
