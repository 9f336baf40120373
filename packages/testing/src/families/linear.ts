import { answersTokens, refuses } from "../dialects/answers.ts";
import { answersItself, wantsMethod } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { bearerOf, revokes } from "../dialects/revocations.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import { described, type Family, never } from "./family.ts";

/** Commas between scopes, GraphQL for a profile, and 400 for the revocation of what is gone. */
export const linear: Family = {
  issuer: "https://linear.app",
  paths: { authorize: "/oauth/authorize", token: "/oauth/token", revoke: "/oauth/revoke" },
  settings: { rotation: "rotate", expiresIn: 86_399, refreshTokenLifetime: never },
  resources: {
    "/graphql": {
      scope: "read",
      body: ({ id, displayName: name, email, picture: avatarUrl }) => ({
        data: { viewer: { id, name, email, avatarUrl } },
      }),
    },
  },
  dialects: [
    wantsMethod("/graphql", "POST", { status: 405, body: { errors: [{ message: "Use POST." }] } }),
    answersItself(({ url, json }) =>
      url.pathname === "/graphql" && !String(json?.query).includes("viewer")
        ? { status: 400, body: { errors: [{ message: "Syntax Error", extensions: { type: "graphql error" } }] } }
        : undefined,
    ),
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant"
        ? { status: 400, body: { error, error_description: "Token has been expired or revoked." } }
        : undefined,
    ),
    answersTokens((members, { scope }) => ({ ...members, token_type: "Bearer", scope: scope.join(" ") })),
    revokes({
      token: (request) =>
        bearerOf(request) ?? request.form?.get("access_token") ?? request.form?.get("refresh_token") ?? null,
      done: { status: 200, body: { success: true } },
      gone: { status: 400, body: { error: "invalid_request", error_description: "The token is already revoked" } },
      malformed: { status: 401, body: { error: "invalid_client", error_description: "No token" } },
    }),
    authenticates("none", "basic", "post"),
    hearsScopes({ separator: /,/ }),
    takesPkce(),
  ],
  call: { path: "/graphql", method: "POST", body: '{"query":"{ viewer { id } }"}' },
  scope: ["read", "write"],
  client: "none",
  clock: "none",
  describes: (person) => described(person),
};
