import { type Cited, code, dead, page, posted, read, refresh } from "./cited.ts";

export const salesforce: Cited = {
  login: {
    source: page("https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm"),
    path: "/services/oauth2/authorize",
    query: { client_id: "app", scope: "openid refresh_token" },
  },
  exchanges: [
    {
      what: "tokens for a code, without a lifetime",
      source: read("https://github.com/jsforce/jsforce/issues/1656", "2026-11-25"),
      request: { path: "/services/oauth2/token", form: code(posted) },
      answer: {
        status: 200,
        body: {
          ...{ access_token: "<text>", refresh_token: "<text>", signature: "<text>", scope: "openid refresh_token" },
          ...{ instance_url: "<text>", id: "<text>", token_type: "Bearer", issued_at: "<text>" },
        },
      },
    },
    {
      what: "a refresh that names a scope",
      source: read("https://github.com/appsmithorg/appsmith/issues/30239", "2026-11-25"),
      request: { path: "/services/oauth2/token", form: refresh({ ...posted, scope: "openid" }) },
      answer: {
        status: 400,
        body: { error: "invalid_request", error_description: "scope parameter not supported" },
      },
    },
    {
      what: "a dead refresh token",
      source: read("https://github.com/singer-io/tap-salesforce/issues/223", "2026-11-25"),
      request: { path: "/services/oauth2/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: { error: "invalid_grant", error_description: "expired access/refresh token" },
      },
    },
  ],
};
