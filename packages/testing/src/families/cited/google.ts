import { type Cited, dead, page, posted, read, refresh, tested, unverified } from "./cited.ts";

export const google: Cited = {
  login: {
    source: page("https://developers.google.com/identity/protocols/oauth2/web-server"),
    path: "/o/oauth2/v2/auth",
    query: { client_id: "app", scope: "openid email", access_type: "offline", prompt: "consent" },
  },
  exchanges: [
    {
      what: "a dead refresh token",
      source: read("https://workos.com/blog/invalid-grant-oauth-errors-by-provider", "2026-11-27"),
      request: { path: "/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
      },
    },
    {
      what: "a person",
      source: tested("google"),
      request: { method: "GET", path: "/v1/userinfo", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        status: 200,
        body: { sub: "<text>", name: "<text>", email: "<text>", email_verified: true, picture: "<text>" },
      },
    },
    {
      what: "the end of what is gone",
      source: unverified("The page documents the request and that failure is a 400; code and words are from memory."),
      request: { path: "/revoke", form: { token: "none" } },
      answer: { status: 400, body: { error: "invalid_token", error_description: "<text>" } },
    },
  ],
};
