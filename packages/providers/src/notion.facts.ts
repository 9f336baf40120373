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
    "The API and the revocation want a `Notion-Version`; the preset sends 2026-03-11, and your own header wins at the API.",
    "PKCE is not supported: a client needs a secret.",
    "`workspace_id`, `workspace_name` and `bot_id` are handed to `onLogin`.",
  ],
  unverified: [
    "Whether a replaced refresh token is answered for a while; what its reuse ends.",
    "That the token endpoint takes a form: libraries send one, the documentation shows JSON.",
  ],
  sources: [
    { url: "https://developers.notion.com/reference/revoke-token", read: "2026-11-28" },
    { url: "https://developers.notion.com/reference/refresh-a-token", read: "2026-11-28" },
    { url: "https://developers.notion.com/docs/authorization", read: "2026-11-25", by: "title" },
    { url: "https://docs.alterauth.com/providers/notion", read: "2026-11-25" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
  ],
  scope: [],
};
