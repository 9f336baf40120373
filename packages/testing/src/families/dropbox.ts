import { answersTokens, refuses } from "../dialects/answers.ts";
import { wantsMethod } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { offline } from "../dialects/offline.ts";
import { bearerOf, revokes } from "../dialects/revocations.ts";
import { described, type Family, never } from "./family.ts";

/** The profile is a POST, the revocation a call with the token as its credential, and a refresh repeats nothing. */
export const dropbox: Family = {
  issuer: "https://www.dropbox.com",
  paths: { authorize: "/oauth2/authorize", token: "/oauth2/token", revoke: "/2/auth/token/revoke" },
  settings: { rotation: "omit", expiresIn: 14_400, refreshTokenLifetime: never },
  resources: {
    "/2/users/get_current_account": {
      scope: "account_info.read",
      body: ({ id: account_id, displayName: display_name, email, picture: profile_photo_url }) => ({
        ...{ account_id, name: { display_name }, email, email_verified: true, disabled: false, profile_photo_url },
      }),
    },
  },
  dialects: [
    wantsMethod("/2/users/get_current_account", "POST", { status: 400, body: "The HTTP method must be POST." }),
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant"
        ? { status: 400, body: { error, error_description: "refresh token is invalid or revoked" } }
        : undefined,
    ),
    revokes({
      token: (request) => ((request.form?.size ?? 0) > 0 ? null : bearerOf(request)),
      done: { status: 200, body: null },
      gone: {
        status: 401,
        body: { error_summary: "invalid_access_token/..", error: { ".tag": "invalid_access_token" } },
      },
      malformed: { status: 400, body: 'Error in call to API function "auth/token/revoke": unexpected body' },
    }),
    offline("token_access_type", "offline"),
    answersTokens((members, { asked, person }) => ({
      ...members,
      token_type: "bearer",
      ...(asked === "code" ? { uid: String(person.number), account_id: person.id } : {}),
    })),
    authenticates("none", "basic", "post"),
    takesPkce(),
  ],
  call: { path: "/2/users/get_current_account", method: "POST" },
  scope: ["account_info.read"],
  client: "none",
  clock: "none",
  describes: (person) => described(person, { emailVerified: true }),
};
