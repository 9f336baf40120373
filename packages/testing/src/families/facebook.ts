import { answersTokens, refuses } from "../dialects/answers.ts";
import { refusesAccess } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { withPath } from "../dialects/paths.ts";
import { bearerOf, revokes } from "../dialects/revocations.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import { days, described, type Family, never } from "./family.ts";

const problem = (message: string, code: number, more: Record<string, unknown> = {}) => ({
  error: { message, type: "OAuthException", code, ...more, fbtrace_id: "Afbtrace" },
});

/** `error` is an object, there is no refresh token, and the API's version stands in every path. */
export const facebook: Family = {
  issuer: "https://www.facebook.com",
  paths: { authorize: "/dialog/oauth", token: "/oauth/access_token", revoke: "/me/permissions" },
  kindOf(path) {
    const [, rest] = /^\/v\d+\.\d+(\/.+)$/.exec(path) ?? [];
    if (rest === "/dialog/oauth") return "authorize";
    if (rest === "/oauth/access_token") return "token";
    if (rest === "/me/permissions") return "revoke";
    return rest === undefined ? undefined : "api";
  },
  settings: { expiresIn: 60 * days, refreshTokenLifetime: never },
  resources: {
    "/me": {
      scope: "public_profile",
      body: ({ number, displayName: name, email, picture: url }) => ({
        ...{ id: String(number), name, email },
        picture: { data: { height: 50, is_silhouette: false, url, width: 50 } },
      }),
    },
  },
  dialects: [
    // A version stands before each path.
    withPath((path) => path.replace(/^\/v\d+\.\d+\//, "/")),
    refusesAccess({
      status: 400,
      body: problem("Error validating access token: The session has been invalidated.", 190, { error_subcode: 460 }),
    }),
    refuses(({ error }) => {
      if (error === "invalid_client") return { status: 400, body: problem("Error validating client secret.", 1) };
      return { status: 400, body: problem("This authorization code has been used.", 100, { error_subcode: 36_009 }) };
    }),
    answersTokens(({ access_token, expires_in }) => ({ access_token, token_type: "bearer", expires_in })),
    revokes({
      method: "DELETE",
      token: (request) => bearerOf(request) ?? request.query.get("access_token"),
      done: { status: 200, body: { success: true } },
      gone: { status: 400, body: problem("Error validating access token.", 190) },
    }),
    authenticates("post"),
    hearsScopes({ separator: /[ ,]/ }),
    takesPkce(),
  ],
  scope: ["public_profile", "email"],
  client: "post",
  clock: "none",
  describes: (person) => described(person, { id: String(person.number) }),
};
