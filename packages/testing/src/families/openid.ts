import { answersTokens } from "../dialects/answers.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { publishesOpenid } from "../dialects/metadata.ts";
import { offline } from "../dialects/offline.ts";
import type { Settings } from "../state/settings.ts";
import { claimsOf, days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** A server of OpenID Connect at an issuer of its own; what differs between them are clocks, rotation and paths. */
function server(
  issuer: string,
  [authorize, token, revoke, userinfo]: readonly [string, string, string, string],
  settings: Partial<Settings>,
  {
    scope = "offline_access",
    clock = "unsure",
    dead,
    status = 400,
    pkce = ["S256"],
    dialects = [],
    tokenParameters = [],
  }: {
    scope?: string;
    clock?: Family["clock"];
    dead?: string;
    status?: number;
    pkce?: readonly string[] | null;
    dialects?: readonly Dialect[];
    tokenParameters?: readonly string[];
  } = {},
): Family {
  return {
    issuer,
    paths: { authorize, token, revoke },
    tokenParameters,
    settings: { refreshTokenLifetime: never, ...settings },
    resources: { [userinfo]: { scope: "openid", body: claimsOf } },
    dialects: [
      publishesOpenid({ authorize, token, revoke, userinfo }, pkce ?? undefined),
      ...dialects,
      ...standard(["none", "basic", "post"], dead === undefined ? {} : { dead, status }),
    ],
    scope: ["openid", "profile", "email", ...(scope === "" ? [] : [scope])],
    client: "none",
    clock,
    describes: (person) => described(person, { emailVerified: true }),
  };
}

export const auth0: Family = server(
  "https://engines.eu.auth0.com/",
  ["/authorize", "/oauth/token", "/oauth/revoke", "/userinfo"],
  { rotation: "strict", expiresIn: 86_400, refreshTokenLifetime: 30 * days },
  { dead: "Unknown or invalid refresh token.", status: 403 },
);

export const okta: Family = server(
  "https://engines.okta.com/oauth2/default",
  [
    "/oauth2/default/v1/authorize",
    "/oauth2/default/v1/token",
    "/oauth2/default/v1/revoke",
    "/oauth2/default/v1/userinfo",
  ],
  { rotation: "strict", refreshTokenGrace: 30, expiresIn: 3600, refreshTokenIdleLifetime: 7 * days },
  { dead: "The refresh token is invalid or expired." },
);

/** States its clock in each answer: seconds, or 0 for an offline session without end. */
export const keycloak: Family = server(
  "https://sso.engines.example/realms/engines",
  [
    ...(["auth", "token", "revoke", "userinfo"].map((name) => `/realms/engines/protocol/openid-connect/${name}`) as [
      string,
      string,
      string,
      string,
    ]),
  ],
  {
    rotation: "rotate",
    refreshTokenGrace: never,
    expiresIn: 300,
    refreshTokenIdleLifetime: 1800,
    announceIssuer: true,
  },
  {
    scope: "",
    clock: "stated",
    dead: "Token is not active",
    dialects: [
      answersTokens((members, { scope, idle }) => ({
        ...members,
        ...{ refresh_expires_in: scope.includes("offline_access") ? 0 : idle, "not-before-policy": 0 },
        session_state: "7b0b6f0e-0000-0000-0000-000000000000",
      })),
    ],
  },
);

export const cognito: Family = server(
  "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Engines",
  ["/oauth2/authorize", "/oauth2/token", "/oauth2/revoke", "/oauth2/userInfo"],
  { rotation: "omit", expiresIn: 3600, refreshTokenLifetime: 30 * days },
  { scope: "", pkce: null },
);

export const zitadel: Family = server(
  "https://engines.zitadel.cloud",
  ["/oauth/v2/authorize", "/oauth/v2/token", "/oauth/v2/revoke", "/oidc/v1/userinfo"],
  { rotation: "rotate", expiresIn: 43_199, refreshTokenLifetime: 90 * days, refreshTokenIdleLifetime: 30 * days },
);

export const kinde: Family = server(
  "https://engines.kinde.com",
  ["/oauth2/auth", "/oauth2/token", "/oauth2/revoke", "/oauth2/v2/user_profile"],
  { rotation: "rotate", expiresIn: 86_399, refreshTokenIdleLifetime: 15 * days },
  { scope: "offline" },
);

export const logto: Family = server(
  "https://engines.logto.app/oidc",
  ["/oidc/auth", "/oidc/token", "/oidc/token/revocation", "/oidc/me"],
  { rotation: "sometimes", expiresIn: 3600, refreshTokenIdleLifetime: 14 * days },
  // Without the prompt there is no refresh token; `resource` (RFC 8707) makes the access token a JWT.
  { dead: "grant request is invalid", dialects: [offline("prompt", "consent")], tokenParameters: ["resource"] },
);
