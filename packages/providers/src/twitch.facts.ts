import type { Facts } from "./shared/facts.ts";
import type { TwitchScope } from "./twitch.ts";

export const facts: Facts = {
  title: "Twitch",
  register: "<https://dev.twitch.tv/console/apps>, **Register Your Application**.",
  redirects: "https; http for localhost.",
  client: "post",
  refreshToken: "Every login of a confidential client gives one.",
  odd: [
    "There is no PKCE: a client needs a secret.",
    "`scope` of an answer is a list, and a refusal has no `error`.",
    "The API wants a `Client-Id`, which the preset sends.",
    "A revocation takes the access token alone.",
    "Twitch asks apps to validate each token hourly; Pixy does not do that for you.",
  ],
  unverified: [
    "That refresh tokens of confidential clients have no clock.",
    "What a revocation does to the refresh token.",
    "Redirect URIs.",
  ],
  sources: [
    { url: "https://dev.twitch.tv/docs/authentication/scopes/", read: "2026-11-28" },
    { url: "https://dev.twitch.tv/docs/authentication/revoke-tokens/", read: "2026-11-28" },
    { url: "https://dev.twitch.tv/docs/authentication/refresh-tokens/", read: "2026-11-25", by: "title" },
    { url: "https://dev.twitch.tv/docs/authentication/validate-tokens/", read: "2026-11-25", by: "title" },
    { url: "https://github.com/logto-io/logto/issues/6980", read: "2026-11-25" },
    { url: "https://github.com/twitchdev/issues/issues/1097", read: "2026-11-25" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
  ],
  scope: ["user:read:email"] satisfies TwitchScope[],
};
