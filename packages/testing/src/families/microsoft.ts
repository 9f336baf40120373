import { answersTokens, refuses } from "../dialects/answers.ts";
import { publishes } from "../dialects/metadata.ts";
import { claimsOf, days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

const tenants = ["common", "organizations", "consumers"];
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad";

/** A replaced refresh token stays valid; the metadata of several tenants have a template for an issuer. */
export const microsoft: Family = {
  issuer: "https://login.microsoftonline.com/common/v2.0",
  paths: { authorize: "/common/oauth2/v2.0/authorize", token: "/common/oauth2/v2.0/token", revoke: null },
  kindOf(path) {
    const [, rest] = /^\/[\w.-]+\/oauth2\/v2\.0\/(authorize|token)$/.exec(path) ?? [];
    return rest as "authorize" | "token" | undefined;
  },
  settings: {
    ...{ rotation: "rotate", expiresIn: 3599, refreshTokenLifetime: never },
    ...{ refreshTokenIdleLifetime: 90 * days, refreshTokenGrace: never },
  },
  resources: {
    "/oidc/userinfo": {
      scope: "openid",
      body(person) {
        const { email_verified: _, ...claims } = claimsOf(person);
        return { ...claims, picture: "https://graph.microsoft.com/v1.0/me/photo/$value" };
      },
    },
    "/v1.0/me": {
      scope: "User.Read",
      body: ({ id, displayName, email }) => ({ id, displayName, mail: email, userPrincipalName: email }),
    },
  },
  dialects: [
    publishes(/^\/([\w.-]+)\/v2\.0\/\.well-known\/openid-configuration$/, ([, tenant = ""]) => {
      const base = "https://login.microsoftonline.com";
      const named = tenants.includes(tenant) ? "{tenantid}" : tenant;
      return {
        token_endpoint: `${base}/${tenant}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        jwks_uri: `${base}/${tenant}/discovery/v2.0/keys`,
        response_modes_supported: ["query", "fragment", "form_post"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
        scopes_supported: ["openid", "profile", "email", "offline_access"],
        issuer: `${base}/${tenant === "consumers" ? consumers : named}/v2.0`,
        userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
        authorization_endpoint: `${base}/${tenant}/oauth2/v2.0/authorize`,
      };
    }),
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant"
        ? {
            status: 400,
            body: {
              error,
              error_description: "AADSTS70008: The provided authorization code or refresh token has expired.",
              ...{ error_codes: [70_008], timestamp: "2026-11-27 12:00:00Z", trace_id: "trace", correlation_id: "id" },
            },
          }
        : undefined,
    ),
    answersTokens((members, { grant }) => ({
      ...members,
      ext_expires_in: members.expires_in,
      refresh_token: grant.scope.includes("offline_access") ? members.refresh_token : undefined,
    })),
    ...standard(["none", "basic", "post"]),
  ],
  scope: ["openid", "profile", "email", "offline_access"],
  client: "post",
  clock: "documented",
  grace: "documented",
  describes: (person) => described(person, { picture: null }),
};
