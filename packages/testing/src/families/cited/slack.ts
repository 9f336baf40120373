import { type Cited, code, dead, page, read, refresh } from "./cited.ts";

const rotation = read("https://docs.slack.dev/authentication/using-token-rotation", "2026-11-27");

export const slack: Cited = {
  login: {
    source: read("https://docs.slack.dev/authentication/using-token-rotation", "2026-11-27"),
    path: "/oauth/v2/authorize",
    query: { client_id: "app", user_scope: "identity.basic,identity.email" },
  },
  exchanges: [
    {
      what: "a user's token for a code",
      source: rotation,
      request: { path: "/api/oauth.v2.access", basic: true, form: code() },
      answer: {
        status: 200,
        body: {
          ok: true,
          app_id: "<text>",
          authed_user: {
            id: "<text>",
            scope: "identity.basic,identity.email",
            access_token: "<text>",
            token_type: "user",
            refresh_token: "<text>",
            expires_in: 43_200,
          },
          team: { id: "<text>" },
          enterprise: null,
          is_enterprise_install: false,
        },
      },
    },
    {
      what: "a refresh, flat",
      source: read(
        "https://github.com/slackapi/python-slack-sdk/blob/main/slack_sdk/oauth/token_rotation/rotator.py",
        "2026-11-25",
      ),
      request: { path: "/api/oauth.v2.access", basic: true, form: refresh() },
      answer: {
        status: 200,
        body: {
          ...{ ok: true, access_token: "<text>", refresh_token: "<text>", expires_in: 43_200, token_type: "user" },
          ...{ scope: "identity.basic,identity.email", user_id: "<text>", team: { id: "<text>" } },
          ...{ enterprise: null, is_enterprise_install: false },
        },
      },
    },
    {
      what: "a dead refresh token",
      source: read("https://api.slack.com/methods/tooling.tokens.rotate/test", "2026-11-27"),
      request: { path: "/api/oauth.v2.access", basic: true, form: refresh(dead) },
      answer: { status: 200, body: { ok: false, error: "invalid_refresh_token" } },
    },
    {
      what: "the end of a token, which is its own credential",
      source: page("https://docs.slack.dev/reference/methods/auth.revoke"),
      request: { path: "/api/auth.revoke", headers: { authorization: "Bearer {access_token}" } },
      answer: { status: 200, body: { ok: true, revoked: true } },
    },
  ],
};
