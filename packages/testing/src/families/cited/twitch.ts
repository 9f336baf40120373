import { type Cited, code, dead, page, posted, read, refresh, tested, unverified } from "./cited.ts";

export const twitch: Cited = {
  login: {
    source: page("https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/"),
    path: "/oauth2/authorize",
    query: { client_id: "app", scope: "user:read:email chat:read" },
  },
  exchanges: [
    {
      what: "tokens for a code, the scope as a list",
      source: read("https://hexdocs.pm/hello_twitch_api/TwitchAPI.AuthClient.html", "2026-11-27"),
      request: { path: "/oauth2/token", form: code(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", expires_in: 14_124, refresh_token: "<text>" },
          ...{ scope: ["user:read:email", "chat:read"], token_type: "bearer" },
        },
      },
    },
    {
      what: "a refresh",
      source: read("https://github.com/logto-io/logto/issues/6980", "2026-11-25"),
      request: { path: "/oauth2/token", form: refresh(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", refresh_token: "<text>", expires_in: 14_124 },
          ...{ scope: ["user:read:email", "chat:read"], token_type: "bearer" },
        },
      },
    },
    {
      what: "a dead refresh token",
      source: read("https://github.com/Teekeks/pyTwitchAPI/issues/37", "2026-11-25"),
      request: { path: "/oauth2/token", form: refresh({ ...posted, ...dead }) },
      answer: { status: 400, body: { status: 400, message: "Invalid refresh token" } },
    },
    {
      what: "the end of an access token",
      source: read("https://dev.twitch.tv/docs/authentication/revoke-tokens/", "2026-11-28"),
      request: { path: "/oauth2/revoke", form: { client_id: "app", token: "{access_token}" } },
      answer: { status: 200, type: "", body: "" },
    },
    {
      what: "a revocation of what is no access token",
      source: read("https://dev.twitch.tv/docs/authentication/revoke-tokens/", "2026-11-28"),
      request: { path: "/oauth2/revoke", form: { client_id: "app", token: "{refresh_token}" } },
      answer: { status: 400, body: { status: 400, message: "Invalid token" } },
    },
    {
      what: "a person",
      source: tested("twitch"),
      request: {
        ...{ method: "GET", path: "/helix/users" },
        headers: { authorization: "Bearer {access_token}", "client-id": "app" },
      },
      answer: {
        status: 200,
        body: {
          data: [
            { id: "<text>", login: "<text>", display_name: "<text>", email: "<text>", profile_image_url: "<text>" },
          ],
        },
      },
    },
    {
      what: "a person, without the client's id",
      source: unverified("The header is documented; the words of its refusal are from memory."),
      request: { method: "GET", path: "/helix/users", headers: { authorization: "Bearer {access_token}" } },
      answer: { status: 401, body: { error: "Unauthorized", status: 401, message: "Client ID is missing" } },
    },
  ],
};
