import { type Provider, presetProvider } from "@pixy/core";

/** Discord. A revocation ends all that the person has allowed your app. */
export const discord: Provider = /* @__PURE__ */ presetProvider({
  name: "discord",
  issuer: "https://discord.com",
  authorizationEndpoint: "https://discord.com/oauth2/authorize",
  tokenEndpoint: "https://discord.com/api/oauth2/token",
  revocationEndpoint: "https://discord.com/api/oauth2/token/revoke",
  api: "https://discord.com",
  profile: {
    url: "https://discord.com/api/users/@me",
    scopes: ["identify", "email"],
    id: "id",
    name: ({ global_name, username }) => global_name ?? username,
    email: "email",
    emailVerified: "verified",
    picture: ({ id, avatar }) => avatar && `https://cdn.discordapp.com/avatars/${id}/${avatar}.png`,
  },
});
