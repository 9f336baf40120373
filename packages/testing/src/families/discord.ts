import { described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** By the standard, behind a firewall that answers in plain text. */
export const discord: Family = {
  issuer: "https://discord.com",
  paths: { authorize: "/oauth2/authorize", token: "/api/oauth2/token", revoke: "/api/oauth2/token/revoke" },
  settings: { rotation: "rotate", expiresIn: 604_800, refreshTokenLifetime: never },
  resources: {
    "/api/users/@me": {
      scope: "identify",
      body: ({ id, name: username, displayName: global_name, email }) => ({
        ...{ id, username, discriminator: "0", global_name, avatar: "8342729096ea3675442027381ff50dfe" },
        ...{ verified: true, email },
      }),
    },
  },
  dialects: standard(["none", "basic", "post"]),
  scope: ["identify", "email"],
  client: "none",
  clock: "none",
  describes: (person) =>
    described(person, {
      emailVerified: true,
      picture: `https://cdn.discordapp.com/avatars/${person.id}/8342729096ea3675442027381ff50dfe.png`,
    }),
  outages: { "429 in plain text": { kind: "text", status: 429, body: "error code: 1015" } },
};
