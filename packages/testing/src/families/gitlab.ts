import { answersTokens } from "../dialects/answers.ts";
import { described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** A refresh ends the pair before it at once, and an answer says when it was made. */
export const gitlab: Family = {
  issuer: "https://gitlab.com",
  paths: { authorize: "/oauth/authorize", token: "/oauth/token", revoke: "/oauth/revoke" },
  settings: { rotation: "rotate", expiresIn: 7200, refreshTokenLifetime: never },
  resources: {
    "/api/v4/user": {
      scope: "read_user",
      body: ({ number: id, name: username, displayName: name, email, picture: avatar_url }) => ({
        ...{ id, username, name, state: "active", avatar_url, email, confirmed_at: "2015-03-02T16:53:58.370Z" },
      }),
    },
    "/oauth/userinfo": {
      scope: "openid",
      body: ({ number, displayName: name, email, picture }) => ({
        ...{ sub: String(number), name, email, email_verified: true, picture },
      }),
    },
  },
  dialects: [
    answersTokens((members, { now }) => ({ ...members, created_at: Math.floor(now / 1000) })),
    ...standard(["none", "basic", "post"], {
      dead: "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
    }),
  ],
  scope: ["read_user"],
  client: "none",
  clock: "none",
  describes: (person) => described(person, { id: String(person.number) }),
};
