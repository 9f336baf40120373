import { type AnswerRule, type Provider, presetProvider } from "@pixy/core";

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
    scopes: ["user:read:email"],
    id: ["data", 0, "id"],
    name: ["data", 0, "display_name"],
    email: ["data", 0, "email"],
    picture: ["data", 0, "profile_image_url"],
  },
});
