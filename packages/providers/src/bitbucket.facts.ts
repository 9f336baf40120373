import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Bitbucket",
  register: "**Workspace settings**, **OAuth consumers**.",
  redirects: "Below the registered URL.",
  client: "basic",
  refreshToken: "Every login gives one.",
  odd: [
    "Both tokens have some 2,500 characters: use a session store.",
    "Since May 2026 refresh tokens rotate, and die after three months without use.",
  ],
  unverified: [
    "That a replaced refresh token is answered for ten minutes: the preset counts on none.",
    "Whether PKCE is looked at.",
    "Where e-mail addresses stand in the API.",
  ],
  sources: [
    {
      url: "https://developer.atlassian.com/cloud/bitbucket/oauth-2/",
      read: "2026-11-25",
      copyOf: "2026-02-24",
      by: "title",
    },
    { url: "https://community.developer.atlassian.com/t/99003", read: "2026-11-25" },
    {
      url: "https://github.com/git-ecosystem/git-credential-manager/issues/2429",
      read: "2026-11-25",
      copyOf: "2026-09-01",
    },
  ],
  scope: ["account", "email"],
  store: true,
};
