import { type Cited, dead, page, posted, read, refresh } from "./cited.ts";

export const microsoft: Cited = {
  login: {
    source: page("https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"),
    path: "/common/oauth2/v2.0/authorize",
    query: { client_id: "app", scope: "openid offline_access" },
  },
  exchanges: [
    {
      what: "metadata for every tenant: a template instead of an issuer, and no word on S256",
      source: read("https://github.com/erlef/oidcc/issues/401", "2026-11-25"),
      request: { method: "GET", path: "/common/v2.0/.well-known/openid-configuration" },
      answer: {
        status: 200,
        body: {
          token_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
          token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
          jwks_uri: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
          response_modes_supported: ["query", "fragment", "form_post"],
          subject_types_supported: ["pairwise"],
          id_token_signing_alg_values_supported: ["RS256"],
          response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
          scopes_supported: ["openid", "profile", "email", "offline_access"],
          issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
          userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
          authorization_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        },
      },
    },
    {
      what: "a refresh, and the refresh token before it stays valid",
      source: page("https://learn.microsoft.com/entra/identity-platform/refresh-tokens"),
      request: { path: "/common/oauth2/v2.0/token", form: refresh(posted) },
      answer: {
        status: 200,
        body: {
          ...{ token_type: "Bearer", scope: "openid offline_access", expires_in: 3599, ext_expires_in: 3599 },
          ...{ access_token: "<text>", refresh_token: "<text>" },
        },
      },
    },
    {
      what: "a dead refresh token",
      source: page("https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"),
      request: { path: "/common/oauth2/v2.0/token", form: refresh({ ...posted, ...dead }) },
      answer: {
        status: 400,
        body: {
          ...{ error: "invalid_grant", error_description: "<text>", error_codes: [70_008], timestamp: "<text>" },
          ...{ trace_id: "<text>", correlation_id: "<text>" },
        },
      },
    },
  ],
};
