import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Notion",
  register: "<https://www.notion.so/my-integrations>, a *public* integration.",
  redirects: "https, as registered.",
  client: "basic",
  refreshToken: "Every login gives one.",
  odd: [
    "There are no scopes: people choose pages.",
    "No answer says how long an access token lives: it is renewed after a 401.",
    "The API wants a `Notion-Version`; the preset sends 2026-03-11, and your own header wins.",
    "PKCE is not supported: a client needs a secret.",
    "`workspace_id`, `workspace_name` and `bot_id` are handed to `onLogin`.",
  ],
  unverified: [
    "Whether a replaced refresh token is answered for a while; what its reuse ends.",
    "The answer of the revocation.",
  ],
  sources: [
    {
      url: "https://developers.notion.com/docs/authorization",
      read: "2026-11-25",
    },
    {
      url: "https://developers.notion.com/reference/refresh-a-token",
      read: "2026-11-25",
    },
  ],
  scope: [],
};
