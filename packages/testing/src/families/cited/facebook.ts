import { type Cited, code, page, posted, read, unverified } from "./cited.ts";

export const facebook: Cited = {
  login: {
    source: page("https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"),
    path: "/v24.0/dialog/oauth",
    query: { client_id: "app", scope: "public_profile,email" },
  },
  exchanges: [
    {
      what: "a token for a code",
      source: page("https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"),
      request: { path: "/v24.0/oauth/access_token", form: code(posted) },
      answer: { status: 200, body: { access_token: "<text>", token_type: "bearer", expires_in: "<number>" } },
    },
    {
      what: "a refusal: an object",
      source: read(
        "https://github.com/python-social-auth/social-core/blob/3bb06abdb21bc095a6e893ef7a63b63c3ce0a6a7/social_core/tests/backends/test_facebook.py",
        "2026-11-27",
      ),
      request: { path: "/v24.0/oauth/access_token", form: code({ ...posted, code: "none" }) },
      answer: {
        status: 400,
        body: {
          error: {
            ...{ message: "<text>", type: "OAuthException", code: "<number>", error_subcode: "<number>" },
            fbtrace_id: "<text>",
          },
        },
      },
    },
    {
      what: "a dead access token",
      source: page("https://developers.facebook.com/docs/graph-api/guides/error-handling"),
      request: { method: "GET", path: "/v24.0/me?fields=id,name", headers: { authorization: "Bearer none" } },
      answer: {
        status: 400,
        body: {
          error: {
            ...{ message: "<text>", type: "OAuthException", code: 190, error_subcode: 460 },
            fbtrace_id: "<text>",
          },
        },
      },
    },
    {
      what: "the end of what somebody allowed",
      source: unverified("From memory."),
      request: { method: "DELETE", path: "/me/permissions", headers: { authorization: "Bearer {access_token}" } },
      answer: { status: 200, body: { success: true } },
    },
  ],
};
