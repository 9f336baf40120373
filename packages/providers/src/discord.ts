import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of Discord; it keeps several for partners. As read on 2026-11-28 in
 * [its documentation](https://github.com/discord/discord-api-docs/blob/c98d64bc233833839cf0d8d369e81b77f21ade60/developers/topics/oauth2.mdx).
 */
export type DiscordScope =
  | "activities.read"
  | "activities.write"
  | "applications.builds.read"
  | "applications.builds.upload"
  | "applications.commands"
  | "applications.commands.update"
  | "applications.commands.permissions.update"
  | "applications.entitlements"
  | "applications.store.update"
  | "bot"
  | "connections"
  | "dm_channels.read"
  | "email"
  | "gdm.join"
  | "guilds"
  | "guilds.join"
  | "guilds.members.read"
  | "identify"
  | "identify.premium"
  | "messages.read"
  | "relationships.read"
  | "role_connections.write"
  | "rpc"
  | "rpc.activities.write"
  | "rpc.notifications.read"
  | "rpc.voice.read"
  | "rpc.voice.write"
  | "voice"
  | "webhook.incoming";

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
    scopes: ["identify", "email"] satisfies DiscordScope[],
    id: "id",
    name: ({ global_name, username }) => global_name ?? username,
    email: "email",
    emailVerified: "verified",
    picture: ({ id, avatar }) => avatar && `https://cdn.discordapp.com/avatars/${id}/${avatar}.png`,
  },
});
