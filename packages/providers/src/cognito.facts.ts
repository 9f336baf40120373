import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Amazon Cognito",
  register: "**User pools**, **App clients**.",
  redirects: "https; http for localhost.",
  client: "none",
  refreshToken: "Every login gives one, for 30 days from the login unless you say otherwise.",
  odd: ["The endpoints lie on another host than the issuer."],
  unverified: ["Authentication and revocation of clients with a secret.", "That S256 is supported and not announced."],
  sources: [
    {
      url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html",
      read: "2026-11-25",
      by: "title",
    },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
  ],
  scope: ["openid", "email", "profile"],
  expression: '() => cognito("eu-central-1", "eu-central-1_AbCdEf123")',
};
