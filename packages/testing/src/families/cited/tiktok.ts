import { type Cited, code, dead, page, read, refresh, tested, unverified } from "./cited.ts";

const key = { client_key: "app", client_secret: "secret" };
const refreshing = read("https://developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token", "2026-11-27");
const tokens = {
  ...{ access_token: "<text>", expires_in: 7200, open_id: "<text>", refresh_expires_in: 15_552_000 },
  ...{ refresh_token: "<text>", scope: "user.info.basic,video.list", token_type: "Bearer" },
};

export const tiktok: Cited = {
  login: {
    source: page("https://developers.tiktok.com/doc/login-kit-web"),
    path: "/v2/auth/authorize/",
    query: { client_key: "app", scope: "user.info.basic,video.list" },
  },
  exchanges: [
    {
      what: "tokens for a code, for a client_key",
      source: read("https://developers.tiktok.com/doc/oauth-user-access-token-management", "2026-11-27"),
      request: { path: "/v2/oauth/token/", form: code(key) },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a client_id names nobody",
      source: unverified("The parameter is documented as client_key; the words of the refusal are from memory."),
      request: { path: "/v2/oauth/token/", form: code({ client_id: "app", client_secret: "secret" }) },
      answer: {
        status: 401,
        body: { error: "invalid_client", error_description: "<text>", log_id: "<text>" },
      },
    },
    {
      what: "a refresh",
      source: refreshing,
      request: { path: "/v2/oauth/token/", form: refresh(key) },
      answer: { status: 200, body: tokens },
    },
    {
      what: "a dead refresh token",
      source: read("https://developers.tiktok.com/doc/oauth-error-handling", "2026-11-27"),
      request: { path: "/v2/oauth/token/", form: refresh({ ...key, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "<text>", log_id: "<text>" },
      },
    },
    {
      what: "a person",
      source: tested("tiktok"),
      request: {
        ...{ method: "GET", path: "/v2/user/info/?fields=open_id,display_name,avatar_url" },
        headers: { authorization: "Bearer {access_token}" },
      },
      answer: {
        status: 200,
        body: {
          data: { user: { open_id: "<text>", display_name: "<text>", avatar_url: "<text>" } },
          error: { code: "ok", message: "", log_id: "<text>" },
        },
      },
    },
  ],
};
