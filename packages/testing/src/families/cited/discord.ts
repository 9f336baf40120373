import { type Cited, dead, page, refresh, tested } from "./cited.ts";

export const discord: Cited = {
  login: {
    source: page("https://discord.com/developers/docs/topics/oauth2"),
    path: "/oauth2/authorize",
    query: { client_id: "app", scope: "identify email" },
  },
  exchanges: [
    {
      what: "a dead refresh token",
      // One thread of 2020 has `invalid_request` for it (member-gentei/member-gentei#18).
      source: page("https://discord.com/developers/docs/social-sdk/guides/account-linking"),
      request: { path: "/api/oauth2/token", basic: true, form: refresh(dead) },
      answer: { status: 400, body: { error: "invalid_grant", error_description: "<text>" } },
    },
    {
      what: "a person",
      source: tested("discord"),
      request: { method: "GET", path: "/api/users/@me", headers: { authorization: "Bearer {access_token}" } },
      answer: {
        status: 200,
        body: {
          ...{ id: "<text>", username: "<text>", discriminator: "0", global_name: "<text>", avatar: "<text>" },
          ...{ verified: true, email: "<text>" },
        },
      },
    },
  ],
};
