import { answersTokens, type Issue, refuses } from "../dialects/answers.ts";
import { refusesAccess } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import type { Members } from "../dialects/dialect.ts";
import { bearerOf, revokes } from "../dialects/revocations.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import { claimsOf, described, type Family, never } from "./family.ts";

/** Errors in answers with status 200, a user's token one level down, and a flat answer to a refresh. */
export const slack: Family = {
  issuer: "https://slack.com",
  paths: { authorize: "/oauth/v2/authorize", token: "/api/oauth.v2.access", revoke: "/api/auth.revoke" },
  settings: { rotation: "rotate", expiresIn: 43_200, refreshTokenLifetime: never, refreshTokenGrace: 60 },
  resources: {
    "/api/openid.connect.userInfo": { scope: "openid", body: (person) => ({ ok: true, ...claimsOf(person) }) },
    "/api/users.identity": {
      scope: "identity.basic",
      body: ({ id, displayName: name, email, picture }) => ({
        ok: true,
        user: { id, name, email, image_192: picture },
        team: { id: "T0ENGINE" },
      }),
    },
  },
  dialects: [
    refusesAccess({ status: 200, body: { ok: false, error: "token_expired" } }),
    refuses(({ asked, error }) => ({ status: 200, body: { ok: false, error: codeOf(asked, error) } })),
    answersTokens((members, issue) => (issue.asked === "code" ? firstAnswer(members, issue) : flat(members, issue))),
    revokes({
      token: bearerOf,
      done: { status: 200, body: { ok: true, revoked: true } },
      gone: { status: 200, body: { ok: false, error: "token_revoked" } },
      malformed: { status: 200, body: { ok: false, error: "not_authed" } },
    }),
    authenticates("none", "basic", "post"),
    hearsScopes({ parameter: "user_scope", separator: /,/ }),
    takesPkce(),
  ],
  scope: ["identity.basic", "openid"],
  client: "basic",
  clock: "unsure",
  kept: ["team"],
  describes: (person) => described(person, { emailVerified: null }),
  outages: {
    "ratelimited, with status 200": { kind: "body", body: '{"ok":false,"error":"ratelimited"}' },
    "internal_error, with status 200": { kind: "body", body: '{"ok":false,"error":"internal_error"}' },
  },
};

function codeOf(asked: string, error: string): string {
  if (error === "invalid_client") return "bad_client_secret";
  if (error !== "invalid_grant") return "invalid_arguments";
  return asked === "refresh" ? "invalid_refresh_token" : "invalid_code";
}

function firstAnswer(members: Members, { person, scope }: Issue): Members {
  const { access_token, refresh_token, expires_in } = members;
  return {
    ok: true,
    app_id: "A0ENGINE",
    authed_user: {
      id: person.id,
      scope: scope.join(","),
      access_token,
      token_type: "user",
      refresh_token,
      expires_in,
    },
    team: { id: "T0ENGINE" },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function flat({ access_token, refresh_token, expires_in }: Members, { person, scope }: Issue): Members {
  return {
    ...{ ok: true, access_token, refresh_token, expires_in, token_type: "user", scope: scope.join(",") },
    ...{ user_id: person.id, team: { id: "T0ENGINE" }, enterprise: null, is_enterprise_install: false },
  };
}
