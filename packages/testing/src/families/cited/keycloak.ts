import { type Cited, code, read } from "./cited.ts";

export const keycloak: Cited = {
  login: {
    source: read("https://stackoverflow.com/questions/52040265", "2026-11-25"),
    path: "/realms/engines/protocol/openid-connect/auth",
    query: { client_id: "app", scope: "openid" },
  },
  exchanges: [
    {
      what: "a clock in the answer",
      source: read("https://stackoverflow.com/questions/52040265", "2026-11-25"),
      request: { path: "/realms/engines/protocol/openid-connect/token", basic: true, form: code() },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", token_type: "Bearer", expires_in: 300, scope: "openid" },
          ...{ refresh_token: "<text>", refresh_expires_in: 1800, "not-before-policy": 0, session_state: "<text>" },
        },
      },
    },
  ],
};
