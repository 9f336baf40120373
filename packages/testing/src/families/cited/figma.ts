import { type Cited, code, dead, read, refresh, tested, unverified } from "./cited.ts";

const source = read(
  "https://github.com/pilcrowonpaper/arctic/blob/07ca261/docs/pages/providers/figma.md",
  "2026-11-25",
);

export const figma: Cited = {
  login: { source, path: "/oauth", query: { client_id: "app", scope: "current_user:read" } },
  exchanges: [
    {
      what: "tokens for a code",
      source: unverified("The members user_id and user_id_string, and 90 days, are from memory."),
      request: { path: "/v1/oauth/token", basic: true, form: code() },
      answer: {
        status: 200,
        body: {
          ...{ user_id: "<text>", user_id_string: "<text>", access_token: "<text>", token_type: "bearer" },
          ...{ expires_in: 7_776_000, refresh_token: "<text>" },
        },
      },
    },
    {
      what: "a refresh at its own endpoint, without a refresh token in the answer",
      source,
      request: { path: "/v1/oauth/refresh", basic: true, form: { refresh_token: "{refresh_token}" } },
      answer: {
        status: 200,
        body: {
          ...{ user_id: "<text>", user_id_string: "<text>", access_token: "<text>", token_type: "bearer" },
          expires_in: 7_776_000,
        },
      },
    },
    {
      what: "a dead refresh token",
      source: unverified("The shape of Figma's API errors is documented; that this endpoint uses it is from memory."),
      request: { path: "/v1/oauth/refresh", basic: true, form: refresh(dead) },
      answer: { status: 400, body: { error: true, status: 400, message: "<text>" } },
    },
    {
      what: "a person",
      source: tested("figma"),
      request: { method: "GET", path: "/v1/me", headers: { authorization: "Bearer {access_token}" } },
      answer: { status: 200, body: { id: "<text>", email: "<text>", handle: "<text>", img_url: "<text>" } },
    },
  ],
};
