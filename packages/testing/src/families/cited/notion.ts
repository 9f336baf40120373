import { type Cited, code, dead, page, read, refresh, unverified } from "./cited.ts";

const guide = page("https://developers.notion.com/reference/refresh-a-token");
const tokens = {
  ...{ access_token: "<text>", token_type: "bearer", refresh_token: "<text>", bot_id: "<text>" },
  ...{ workspace_id: "<text>", workspace_name: "<text>", workspace_icon: null, duplicated_template_id: null },
  owner: {
    type: "user",
    user: {
      ...{ object: "user", id: "<text>", name: "<text>", avatar_url: "<text>", type: "person" },
      person: { email: "<text>" },
    },
  },
};

export const notion: Cited = {
  login: {
    source: page("https://developers.notion.com/docs/authorization"),
    path: "/v1/oauth/authorize",
    query: { client_id: "app", owner: "user" },
  },
  exchanges: [
    {
      what: "tokens for a code, asked for in JSON",
      source: guide,
      request: { path: "/v1/oauth/token", basic: true, json: code() },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a login that does not say whose it is",
      source: unverified("The page says that `owner=user` is required; the words of the refusal are from memory."),
      request: { method: "GET", path: "/v1/oauth/authorize?client_id=app&response_type=code" },
      answer: { status: 400, type: "text/plain", body: "<text>" },
    },
    {
      what: "a refresh, asked for by a form",
      source: read("https://github.com/pilcrowonpaper/arctic/blob/07ca261/src/providers/notion.ts", "2026-11-25"),
      request: { path: "/v1/oauth/token", basic: true, form: refresh() },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a dead refresh token",
      source: read("https://nango.dev/blog/notion-oauth-refresh-token-invalid-grant", "2026-11-27"),
      request: { path: "/v1/oauth/token", basic: true, json: refresh(dead) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
      },
    },
    {
      what: "an API request without a version",
      source: page("https://developers.notion.com/reference/versioning"),
      request: { method: "GET", path: "/v1/users/me", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        status: 400,
        body: { object: "error", status: 400, code: "missing_version", message: "<text>" },
      },
    },
    {
      what: "the end of a token",
      source: read("https://developers.notion.com/reference/revoke-token", "2026-11-28"),
      request: {
        ...{ path: "/v1/oauth/revoke", basic: true, json: { token: "{access_token}" } },
        headers: { "notion-version": "2026-03-11" },
      },
      answer: { status: 200, body: { request_id: "<text>" } },
    },
  ],
};
