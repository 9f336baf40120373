import { type AnswerRule, type Provider, presetProvider } from "@pixy/core";

/** The scopes of Twitch. As read on 2026-11-28 in [its list](https://dev.twitch.tv/docs/authentication/scopes/). */
export type TwitchScope =
  | "analytics:read:extensions"
  | "analytics:read:games"
  | "bits:read"
  | "channel:bot"
  | "channel:manage:ads"
  | "channel:read:ads"
  | "channel:manage:broadcast"
  | "channel:read:charity"
  | "channel:manage:clips"
  | "channel:edit:commercial"
  | "channel:read:editors"
  | "channel:manage:extensions"
  | "channel:read:goals"
  | "channel:read:guest_star"
  | "channel:manage:guest_star"
  | "channel:read:hype_train"
  | "channel:manage:moderators"
  | "channel:read:polls"
  | "channel:manage:polls"
  | "channel:read:predictions"
  | "channel:manage:predictions"
  | "channel:manage:raids"
  | "channel:read:redemptions"
  | "channel:manage:redemptions"
  | "channel:manage:schedule"
  | "channel:read:stream_key"
  | "channel:read:subscriptions"
  | "channel:manage:videos"
  | "channel:read:vips"
  | "channel:manage:vips"
  | "channel:moderate"
  | "clips:edit"
  | "editor:manage:clips"
  | "moderation:read"
  | "moderator:manage:announcements"
  | "moderator:manage:automod"
  | "moderator:read:automod_settings"
  | "moderator:manage:automod_settings"
  | "moderator:read:banned_users"
  | "moderator:manage:banned_users"
  | "moderator:read:blocked_terms"
  | "moderator:manage:blocked_terms"
  | "moderator:read:chat_messages"
  | "moderator:manage:chat_messages"
  | "moderator:read:chat_settings"
  | "moderator:manage:chat_settings"
  | "moderator:read:chatters"
  | "moderator:read:followers"
  | "moderator:read:guest_star"
  | "moderator:manage:guest_star"
  | "moderator:read:moderators"
  | "moderator:read:shield_mode"
  | "moderator:manage:shield_mode"
  | "moderator:read:shoutouts"
  | "moderator:manage:shoutouts"
  | "moderator:read:suspicious_users"
  | "moderator:manage:suspicious_users"
  | "moderator:read:unban_requests"
  | "moderator:manage:unban_requests"
  | "moderator:read:vips"
  | "moderator:read:warnings"
  | "moderator:manage:warnings"
  | "user:bot"
  | "user:edit"
  | "user:edit:broadcast"
  | "user:read:blocked_users"
  | "user:manage:blocked_users"
  | "user:read:broadcast"
  | "user:read:chat"
  | "user:manage:chat_color"
  | "user:read:email"
  | "user:read:emotes"
  | "user:read:follows"
  | "user:read:moderated_channels"
  | "user:read:subscriptions"
  | "user:read:whispers"
  | "user:manage:whispers"
  | "user:write:chat"
  | "chat:edit"
  | "chat:read"
  | "whispers:read";

// Refusals are `{ status, message }`.
const error: AnswerRule = ({ request, members: { message } }) => {
  const text = String(message).toLowerCase();
  if (text === "invalid client secret") return "misconfigured";
  if (request === "revoke") return text === "invalid token" ? "ended" : undefined;
  return text === (request === "code" ? "invalid authorization code" : "invalid refresh token") ? "ended" : undefined;
};

/** Twitch. It has no PKCE, and wants each app to validate its tokens hourly. */
export const twitch: Provider = /* @__PURE__ */ presetProvider({
  name: "twitch",
  issuer: "https://id.twitch.tv/oauth2",
  authorizationEndpoint: "https://id.twitch.tv/oauth2/authorize",
  tokenEndpoint: "https://id.twitch.tv/oauth2/token",
  revocationEndpoint: "https://id.twitch.tv/oauth2/revoke",
  // A refresh token is an invalid token there.
  revocation: { by: "form", field: "token", token: "access_token" },
  api: "https://api.twitch.tv",
  pkce: "unsupportedByProvider",
  headers: { api: { "Client-Id": "{client_id}" } },
  answer: { error },
  profile: {
    url: "https://api.twitch.tv/helix/users",
    scopes: ["user:read:email"] satisfies TwitchScope[],
    id: ["data", 0, "id"],
    name: ["data", 0, "display_name"],
    email: ["data", 0, "email"],
    picture: ["data", 0, "profile_image_url"],
  },
});
