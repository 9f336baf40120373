import { type Cited, code, dead, page, posted, read, refresh, unverified } from "./cited.ts";

export const atlassian: Cited = {
  login: {
    source: page("https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/"),
    path: "/authorize",
    query: { client_id: "app", scope: "read:me offline_access", audience: "api.atlassian.com", prompt: "consent" },
  },
  exchanges: [
    {
      what: "tokens for a code, asked for in JSON",
      source: unverified("Libraries send a form; that the page shows JSON is from memory."),
      request: { path: "/oauth/token", json: code(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", token_type: "Bearer", expires_in: 3600, scope: "read:me offline_access" },
          refresh_token: "<text>",
        },
      },
    },
    {
      what: "a dead refresh token, with 403",
      source: read("https://github.com/microsoft/generative-ai-for-beginners/issues/342", "2026-11-25"),
      request: { path: "/oauth/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 403,
        body: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." },
      },
    },
  ],
};
