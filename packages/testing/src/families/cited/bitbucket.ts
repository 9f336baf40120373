import { type Cited, code, dead, page, read, refresh, tested, unverified } from "./cited.ts";

export const bitbucket: Cited = {
  login: {
    source: page("https://developer.atlassian.com/cloud/bitbucket/oauth-2/"),
    path: "/site/oauth2/authorize",
    query: { client_id: "app", scope: "account email" },
  },
  exchanges: [
    {
      what: "tokens of more than 2,500 characters",
      source: read("https://github.com/git-ecosystem/git-credential-manager/issues/2429", "2026-11-25"),
      request: { path: "/site/oauth2/access_token", basic: true, form: code() },
      answer: {
        status: 200,
        body: {
          ...{ token_type: "bearer", expires_in: 7200, scope: "<text>" },
          ...{ access_token: "<2600 characters>", refresh_token: "<2600 characters>" },
        },
      },
    },
    {
      what: "a person",
      source: tested("bitbucket_oauth2"),
      request: { method: "GET", path: "/2.0/user", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        status: 200,
        body: {
          ...{ type: "user", account_id: "<text>", uuid: "<text>", username: "<text>", display_name: "<text>" },
          links: { avatar: { href: "<text>" } },
        },
      },
    },
    {
      what: "a dead refresh token",
      source: unverified("invalid_grant and 400 are the standard's; the description is from memory."),
      request: { path: "/site/oauth2/access_token", basic: true, form: refresh(dead) },
      answer: { status: 400, body: { error: "invalid_grant", error_description: "<text>" } },
    },
  ],
};
