import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Slack",
  register:
    "<https://api.slack.com/apps>, **Create New App**, **OAuth & Permissions**, with **token rotation**, which cannot be undone.",
  redirects: "https; `http://localhost:PORT` once PKCE is on.",
  client: "basic",
  refreshToken: "Switch token rotation on.",
  odd: [
    "Scopes are sent as `user_scope`: the preset is for tokens of a person, not of a bot.",
    "Answers have status 200, and say in `ok` whether they are one.",
    "The first answer has the person’s token one level down.",
    "`team` of the first answer is handed to `onLogin`.",
    "With PKCE on an app is a public client for ever, and its refresh tokens live for 30 days.",
  ],
  unverified: [
    "How long a replaced refresh token is answered.",
    "Whether the scopes of the profile can be combined with others: `profile: false` leaves them out.",
  ],
  sources: [
    { url: "https://docs.slack.dev/authentication/using-token-rotation", read: "2026-11-28" },
    { url: "https://docs.slack.dev/authentication/using-pkce", read: "2026-11-25", by: "title" },
    { url: "https://docs.slack.dev/reference/methods/auth.revoke", read: "2026-11-25", by: "title" },
    {
      url: "https://hex.pm/packages/slack_kit/1.0.0-alpha.0/files/priv/docs/methods/auth.revoke.json",
      read: "2026-11-28",
    },
    { url: "https://github.com/slackapi/node-slack-sdk/issues/2038", read: "2026-11-25" },
  ],
  scope: ["identity.basic"],
};
