import { type Cited, code, dead, posted, read, refresh, unverified } from "./cited.ts";

const tested = read(
  "https://github.com/python-social-auth/social-core/blob/3bb06abdb21bc095a6e893ef7a63b63c3ce0a6a7/social_core/tests/backends/test_strava.py",
  "2026-11-27",
);

export const strava: Cited = {
  login: {
    source: read("https://developers.strava.com/docs/authentication", "2026-11-27"),
    path: "/oauth/authorize",
    query: { client_id: "app", scope: "read,activity:read" },
  },
  exchanges: [
    {
      what: "tokens and the athlete for a code",
      source: tested,
      request: { path: "/api/v3/oauth/token", form: code(posted) },
      answer: {
        status: 200,
        body: {
          ...{ token_type: "Bearer", expires_at: "<number>", expires_in: "<number>", refresh_token: "<text>" },
          access_token: "<text>",
          athlete: {
            ...{ id: "<number>", username: "<text>", resource_state: 2, firstname: "<text>", lastname: "<text>" },
            ...{ profile_medium: "<text>", profile: "<text>" },
          },
        },
      },
    },
    {
      what: "a refresh has no athlete",
      source: read("https://developers.strava.com/docs/authentication", "2026-11-27"),
      request: { path: "/api/v3/oauth/token", form: refresh(posted) },
      answer: {
        status: 200,
        body: {
          ...{ token_type: "Bearer", expires_at: "<number>", expires_in: 21_600, refresh_token: "<text>" },
          access_token: "<text>",
        },
      },
    },
    {
      what: "a dead refresh token",
      source: read("https://github.com/dreeveapp/dreeve/issues/1449", "2026-11-25"),
      request: { path: "/api/v3/oauth/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: {
          message: "Bad Request",
          errors: [{ resource: "RefreshToken", field: "refresh_token", code: "invalid" }],
        },
      },
    },
    {
      what: "the end of everything that the athlete allowed",
      source: unverified("The page names the deauthorization; its parameter and answer are from memory."),
      request: { path: "/oauth/deauthorize", form: { access_token: "{access_token}" } },
      answer: { status: 200, body: { access_token: "<text>" } },
    },
    {
      what: "a dead access token",
      source: unverified("The shape is that of its other refusals; resource and field are from memory."),
      request: { path: "/oauth/deauthorize", form: { access_token: "none" } },
      answer: {
        status: 401,
        body: {
          message: "Authorization Error",
          errors: [{ resource: "Athlete", field: "access_token", code: "invalid" }],
        },
      },
    },
  ],
};
