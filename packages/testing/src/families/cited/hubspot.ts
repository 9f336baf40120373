import { type Cited, dead, posted, read, refresh } from "./cited.ts";

export const hubspot: Cited = {
  login: {
    source: read("https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide", "2026-11-27"),
    path: "/oauth/authorize",
    query: { client_id: "app", scope: "oauth" },
  },
  exchanges: [
    {
      what: "a dead refresh token: `error` is the standard's, and `status` says what it is",
      // `status` and `message` from the page; `error` beside them was recorded on 2026-10-06 by somebody who talks to it.
      source: read("https://nango.dev/blog/hubspot-oauth-bad-refresh-token", "2026-11-27"),
      request: { path: "/oauth/v3/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: {
          ...{ status: "BAD_REFRESH_TOKEN", message: "missing or invalid refresh token", error: "invalid_request" },
          error_description: "<text>",
        },
      },
    },
  ],
};
