import { type Cited, code, page } from "./cited.ts";

export const gitlab: Cited = {
  login: {
    source: page("https://docs.gitlab.com/api/oauth2/"),
    path: "/oauth/authorize",
    query: {
      ...{ client_id: "app", scope: "read_user" },
      ...{ code_challenge: "{challenge}", code_challenge_method: "S256" },
    },
  },
  exchanges: [
    {
      what: "tokens for a code and a verifier",
      source: page("https://docs.gitlab.com/api/oauth2/"),
      request: { path: "/oauth/token", form: code({ client_id: "app", code_verifier: "{verifier}" }) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", token_type: "Bearer", expires_in: 7200, scope: "read_user" },
          ...{ refresh_token: "<text>", created_at: "<number>" },
        },
      },
    },
  ],
};
