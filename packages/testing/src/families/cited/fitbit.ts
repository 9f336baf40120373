import { type Cited, dead, page, read, refresh } from "./cited.ts";

export const fitbit: Cited = {
  login: {
    source: page("https://dev.fitbit.com/build/reference/web-api/authorization/"),
    path: "/oauth2/authorize",
    query: { client_id: "app", scope: "profile" },
  },
  exchanges: [
    {
      what: "a dead refresh token, repeated in the answer",
      source: read("https://github.com/lukasolson/fitbit-node/issues/14", "2026-11-27"),
      request: { path: "/oauth2/token", basic: true, form: refresh(dead) },
      answer: {
        status: 400,
        body: {
          errors: [
            {
              errorType: "invalid_grant",
              message:
                "Refresh token invalid: {dead}. Visit https://dev.fitbit.com/docs/oauth2 for more information on the Fitbit Web API authorization process.",
            },
          ],
          success: false,
        },
      },
    },
  ],
};
