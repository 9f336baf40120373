import { longTokens } from "../dialects/long-tokens.ts";
import { days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** Tokens of 2,600 characters, ten minutes of grace, and an idle clock of three months. */
export const bitbucket: Family = {
  issuer: "https://bitbucket.org",
  paths: { authorize: "/site/oauth2/authorize", token: "/site/oauth2/access_token", revoke: null },
  settings: {
    ...{ rotation: "rotate", refreshTokenGrace: 600, expiresIn: 7200, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 90 * days,
  },
  resources: {
    "/2.0/user": {
      body: ({ id, name: username, displayName: display_name, picture: href }) => ({
        ...{ type: "user", account_id: id, uuid: `{${id}}`, username, display_name },
        links: { avatar: { href } },
      }),
    },
    "/2.0/user/emails": {
      body: ({ email }) => ({
        values: [
          { email: "old@people.example", is_primary: false, is_confirmed: false, type: "email" },
          { email, is_primary: true, is_confirmed: true, type: "email" },
        ],
      }),
    },
  },
  dialects: [longTokens(2600), ...standard(["basic"], { dead: "Invalid refresh_token", type: "bearer" })],
  scope: ["account", "email"],
  largeTokens: true,
  client: "basic",
  clock: "documented",
  describes: (person) => described(person, { emailVerified: true }),
};
