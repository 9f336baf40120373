import { days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** Each refresh token is used once and lives for sixty days. */
export const box: Family = {
  issuer: "https://account.box.com",
  paths: { authorize: "/api/oauth2/authorize", token: "/oauth2/token", revoke: "/oauth2/revoke" },
  settings: {
    ...{ rotation: "rotate", expiresIn: 3600, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 60 * days,
  },
  resources: {
    "/2.0/users/me": {
      body: ({ number, displayName: name, email: login, picture: avatar_url }) => ({
        ...{ type: "user", id: String(number), name, login, avatar_url, status: "active" },
      }),
    },
  },
  dialects: standard(["post"], { dead: "Refresh token has expired", type: "bearer" }),
  scope: [],
  client: "post",
  clock: "documented",
  describes: (person) => described(person, { id: String(person.number) }),
};
