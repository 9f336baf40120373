import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "LinkedIn",
  register:
    "<https://www.linkedin.com/developers/apps>, **Create app**, **Sign In with LinkedIn using OpenID Connect**.",
  redirects: "https, exactly as registered.",
  client: "post",
  refreshToken: "Approved partners alone get one.",
  odd: [
    "A verifier in the token request is refused as `invalid_client`: the preset sends none, and a client needs a secret.",
    "A refresh token lives for a year from the consent; each answer states what is left.",
    "The secret goes into the body; Basic fails.",
  ],
  unverified: ["The revocation endpoint, which the preset leaves out.", "Redirect URIs for localhost."],
  sources: [
    {
      url: "https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens",
      read: "2026-11-28",
    },
    { url: "https://github.com/UsefulSoftwareCo/executor/issues/2087", read: "2026-11-25", copyOf: "2026-09-21" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
  ],
  scope: ["openid", "profile", "email"],
};
