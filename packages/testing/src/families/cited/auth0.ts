import { type Cited, dead, page, posted, refresh, unverified } from "./cited.ts";

export const auth0: Cited = {
  login: {
    source: page("https://auth0.com/docs/api/authentication/authorization-code-flow/authorize-application"),
    path: "/authorize",
    query: { client_id: "app", scope: "openid offline_access" },
  },
  exchanges: [
    {
      what: "a dead refresh token",
      source: unverified("Words and status as programs that talk to Auth0 write them down in comments and tests."),
      request: { path: "/oauth/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 403,
        body: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." },
      },
    },
  ],
};
