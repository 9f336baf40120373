import { type Cited, code, dead, page, read, refresh } from "./cited.ts";

const guide = page("https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code");
const tokens = {
  ...{ token_type: "bearer", expires_in: 7200, access_token: "<text>" },
  ...{ scope: "users.read offline.access", refresh_token: "<text>" },
};

export const x: Cited = {
  login: {
    source: guide,
    path: "/i/oauth2/authorize",
    query: {
      ...{ client_id: "app", scope: "users.read offline.access" },
      ...{ code_challenge: "{challenge}", code_challenge_method: "S256" },
    },
  },
  exchanges: [
    {
      what: "tokens for a code",
      source: read(
        "https://github.com/python-social-auth/social-core/blob/3bb06abdb21bc095a6e893ef7a63b63c3ce0a6a7/social_core/tests/backends/test_twitter_oauth2.py",
        "2026-11-27",
      ),
      request: { path: "/2/oauth2/token", basic: true, form: code({ code_verifier: "{verifier}" }) },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a secret in the body",
      source: read("https://github.com/unasuke/omniauth-twitter2/issues/4", "2026-11-25"),
      request: {
        path: "/2/oauth2/token",
        form: code({ code_verifier: "{verifier}", client_id: "app", client_secret: "secret" }),
      },
      answer: {
        status: 401,
        body: { error: "unauthorized_client", error_description: "Missing valid authorization header" },
      },
    },
    {
      what: "a refresh",
      source: guide,
      request: { path: "/2/oauth2/token", basic: true, form: refresh() },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a dead refresh token",
      // Recorded by several who talk to it: a search for the words finds their tests, all with this status and code.
      source: read("https://github.com/tweepy/tweepy/issues/2156", "2026-11-27"),
      request: { path: "/2/oauth2/token", basic: true, form: refresh(dead) },
      answer: {
        status: 400,
        body: { error: "invalid_request", error_description: "Value passed for the token was invalid." },
      },
    },
    {
      what: "a code that is none has the same error",
      source: read("https://github.com/plhery/node-twitter-api-v2/issues/496", "2026-11-25"),
      request: { path: "/2/oauth2/token", basic: true, form: code({ code: "none", code_verifier: "{verifier}" }) },
      answer: {
        status: 400,
        body: {
          error: "invalid_request",
          error_description: "Value passed for the authorization code was invalid.",
        },
      },
    },
  ],
};
