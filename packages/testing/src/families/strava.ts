import { answersTokens, refuses } from "../dialects/answers.ts";
import { answersItself, refusesAccess } from "../dialects/api.ts";
import { ignoresPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { hearing, put, type Words, withQuery } from "../dialects/dialect.ts";
import { revokes } from "../dialects/revocations.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import type { Person } from "../state/people.ts";
import { described, type Family, never } from "./family.ts";

const fault = (resource: string, field: string) => ({
  message: "Bad Request",
  errors: [{ resource, field, code: "invalid" }],
});

const noAccess: Words = {
  status: 401,
  body: { message: "Authorization Error", errors: [{ resource: "Athlete", field: "access_token", code: "invalid" }] },
};

const athleteOf = ({ number: id, name: username, displayName, picture: profile }: Person) => {
  const [firstname, lastname] = displayName.split(" ");
  return { ...{ id, username, resource_state: 2, firstname, lastname, profile, profile_medium: profile } };
};

/** Commas between scopes, refusals without `error`, an athlete in the first answer, and a revocation by `access_token`. */
export const strava: Family = {
  issuer: "https://www.strava.com",
  paths: { authorize: "/oauth/authorize", token: "/api/v3/oauth/token", revoke: "/oauth/deauthorize" },
  kindOf: (path) => (path === "/oauth/token" ? "token" : undefined),
  settings: { rotation: "sometimes", expiresIn: 21_600, refreshTokenLifetime: never },
  resources: { "/api/v3/athlete": { scope: "read", body: athleteOf } },
  dialects: [
    refusesAccess(noAccess),
    refuses(({ asked, error }) => {
      if (error === "invalid_client") return { status: 400, body: fault("Application", "client_secret") };
      if (asked === "refresh") return { status: 400, body: fault("RefreshToken", "refresh_token") };
      return { status: 400, body: fault("AuthorizationCode", "code") };
    }),
    answersTokens(({ access_token, expires_in, refresh_token }, { asked, grant, person, now }) => ({
      token_type: "Bearer",
      expires_at: Math.floor(now / 1000) + Number(expires_in),
      expires_in,
      refresh_token: refresh_token ?? grant.refreshToken,
      access_token,
      athlete: asked === "code" ? athleteOf(person) : undefined,
    })),
    revokes({
      token: ({ form, query }) => form?.get("access_token") ?? query.get("access_token"),
      done: { status: 200, body: { access_token: "revoked" } },
      gone: noAccess,
      malformed: noAccess,
    }),
    authenticates("post"),
    // It wants to be told what to do where somebody has allowed the app before, and has a default.
    hearing("authorize", (request) => withQuery(request, (query) => put(query, "approval_prompt", null))),
    answersItself(({ record, query }) =>
      record.kind === "authorize" && !query.get("scope")
        ? {
            status: 400,
            body: { message: "Bad Request", errors: [{ resource: "Authorize", field: "scope", code: "invalid" }] },
          }
        : undefined,
    ),
    hearsScopes({ separator: /,/ }),
    ignoresPkce(),
  ],
  scope: ["read", "activity:read"],
  client: "post",
  clock: "none",
  describes: (person) => described(person, { id: String(person.number), email: null }),
};
