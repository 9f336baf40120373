import { type Cited, code, dead, page, read, refresh, tested, unverified } from "./cited.ts";

const publicly = { client_id: "app" };
const guide = page("https://www.dropbox.com/developers/documentation/http/documentation#oauth2-token");

export const dropbox: Cited = {
  login: {
    source: page("https://developers.dropbox.com/oauth-guide"),
    path: "/oauth2/authorize",
    query: {
      ...{ client_id: "app", scope: "account_info.read", token_access_type: "offline" },
      ...{ code_challenge: "{challenge}", code_challenge_method: "S256" },
    },
  },
  exchanges: [
    {
      what: "tokens for a code",
      source: guide,
      request: { path: "/oauth2/token", form: code({ ...publicly, code_verifier: "{verifier}" }) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", expires_in: 14_400, token_type: "bearer", scope: "account_info.read" },
          ...{ refresh_token: "<text>", account_id: "<text>", uid: "<text>" },
        },
      },
    },
    {
      what: "a refresh repeats nothing",
      source: read(
        "https://github.com/pilcrowonpaper/arctic/blob/07ca261/docs/pages/providers/dropbox.md",
        "2026-11-25",
      ),
      request: { path: "/oauth2/token", form: refresh(publicly) },
      answer: {
        status: 200,
        body: { access_token: "<text>", expires_in: 14_400, token_type: "bearer", scope: "account_info.read" },
      },
    },
    {
      what: "a dead refresh token",
      source: unverified("invalid_grant is documented for the endpoint; the description is from memory."),
      request: { path: "/oauth2/token", form: refresh({ ...publicly, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "refresh token is invalid or revoked" },
      },
    },
    {
      what: "a person, by a POST without a body",
      source: tested("dropbox"),
      request: {
        path: "/2/users/get_current_account",
        headers: { authorization: "Bearer {access_token}" },
      },
      answer: {
        status: 200,
        body: {
          ...{ account_id: "<text>", name: { display_name: "<text>" }, email: "<text>", email_verified: true },
          ...{ disabled: false, profile_photo_url: "<text>" },
        },
      },
    },
    {
      what: "the end of a token, which is its own credential",
      source: unverified("That it is an RPC call with an empty body is from memory."),
      request: { path: "/2/auth/token/revoke", headers: { authorization: "Bearer {access_token}" } },
      answer: { status: 200, type: "", body: "" },
    },
  ],
};
