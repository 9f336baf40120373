import { type Cited, code, dead, read, refresh } from "./cited.ts";

const guide = read("https://linear.app/developers/oauth-2-0-authentication", "2026-11-27");
const tokens = {
  ...{ access_token: "<text>", token_type: "Bearer", expires_in: 86_399, scope: "read write" },
  refresh_token: "<text>",
};
const publicly = { client_id: "app" };

export const linear: Cited = {
  login: {
    source: guide,
    path: "/oauth/authorize",
    query: {
      ...{ client_id: "app", scope: "read,write" },
      ...{ code_challenge: "{challenge}", code_challenge_method: "S256" },
    },
  },
  exchanges: [
    {
      what: "tokens for a code and a verifier, without a secret",
      source: guide,
      request: { path: "/oauth/token", form: code({ ...publicly, code_verifier: "{verifier}" }) },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a refresh",
      source: guide,
      request: { path: "/oauth/token", form: refresh(publicly) },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a dead refresh token",
      source: read("https://nango.dev/blog/linear-oauth-refresh-token-invalid-grant", "2026-11-27"),
      request: { path: "/oauth/token", form: refresh({ ...publicly, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
      },
    },
    {
      what: "a person, by GraphQL",
      source: read(
        "https://github.com/better-auth/better-auth/blob/451aa4b/packages/core/src/social-providers/linear.ts",
        "2026-11-25",
      ),
      request: {
        ...{ path: "/graphql", headers: { authorization: "Bearer {access_token}" } },
        json: { query: "{ viewer { id name email avatarUrl } }" },
      },
      answer: {
        status: 200,
        body: { data: { viewer: { id: "<text>", name: "<text>", email: "<text>", avatarUrl: "<text>" } } },
      },
    },
    {
      what: "the end of what is gone",
      source: guide,
      request: { path: "/oauth/revoke", form: { access_token: "none" } },
      answer: { status: 400, body: { error: "<text>", error_description: "<text>" } },
    },
  ],
};
