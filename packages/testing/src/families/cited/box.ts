import { type Cited, dead, page, posted, read, refresh, tested } from "./cited.ts";

export const box: Cited = {
  login: {
    source: page("https://developer.box.com/reference/get-authorize"),
    path: "/api/oauth2/authorize",
    query: { client_id: "app" },
  },
  exchanges: [
    {
      what: "a dead refresh token",
      source: read(
        "https://support.box.com/hc/en-us/community/posts/360049133654-What-is-the-error-code-return-by-box-API-for-a-token-that-is-expired",
        "2026-11-27",
      ),
      request: { path: "/oauth2/token", form: refresh({ ...posted, ...dead }) },
      answer: { status: 400, body: { error: "invalid_grant", error_description: "Refresh token has expired" } },
    },
    {
      what: "a person",
      source: tested("box"),
      request: { method: "GET", path: "/2.0/users/me", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        status: 200,
        body: {
          ...{ type: "user", id: "<text>", name: "<text>", login: "<text>", status: "active", avatar_url: "<text>" },
        },
      },
    },
  ],
};
