import { type Cited, code, dead, posted, read, refresh } from "./cited.ts";

const pages = read(
  "https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens",
  "2026-11-27",
);

export const linkedin: Cited = {
  login: { source: pages, path: "/oauth/v2/authorization", query: { client_id: "app", scope: "openid profile" } },
  exchanges: [
    {
      what: "tokens for a code, with what is left of a year",
      source: pages,
      request: { path: "/oauth/v2/accessToken", form: code(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", expires_in: 5_184_000, refresh_token: "<text>" },
          ...{ refresh_token_expires_in: 31_536_000, scope: "openid,profile", token_type: "Bearer" },
        },
      },
    },
    {
      what: "any verifier",
      source: read("https://github.com/UsefulSoftwareCo/executor/issues/2087", "2026-11-25"),
      request: { path: "/oauth/v2/accessToken", form: code({ ...posted, code_verifier: "{verifier}" }) },
      answer: {
        status: 401,
        body: { error: "invalid_client", error_description: "Client authentication failed" },
      },
    },
    {
      what: "a refresh gives the same refresh token",
      source: pages,
      request: { path: "/oauth/v2/accessToken", form: refresh(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", expires_in: 5_184_000, refresh_token: "<text>" },
          ...{ refresh_token_expires_in: 31_536_000, scope: "openid,profile", token_type: "Bearer" },
        },
      },
    },
    {
      what: "a dead refresh token",
      source: read("https://nango.dev/blog/linkedin-oauth-refresh-token-invalid-grant", "2026-11-27"),
      request: { path: "/oauth/v2/accessToken", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
      },
    },
  ],
};
