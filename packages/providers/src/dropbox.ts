import { type Provider, presetProvider } from "@pixy/core";

/** Dropbox, with a refresh token that lives until it is revoked. */
export const dropbox: Provider = /* @__PURE__ */ presetProvider({
  name: "dropbox",
  issuer: "https://www.dropbox.com",
  authorizationEndpoint: "https://www.dropbox.com/oauth2/authorize",
  tokenEndpoint: "https://api.dropboxapi.com/oauth2/token",
  revocationEndpoint: "https://api.dropboxapi.com/2/auth/token/revoke",
  revocation: { by: "bearer", token: "access_token" },
  api: "https://api.dropboxapi.com",
  parameters: { authorization: { token_access_type: "offline" } },
  refreshTokens: { rotation: "reusable" },
  answer: {
    // Of a token that is dead already.
    error: ({ request, status }) => (request === "revoke" && status === 401 ? "ended" : undefined),
  },
  profile: {
    url: "https://api.dropboxapi.com/2/users/get_current_account",
    method: "POST",
    scopes: ["account_info.read"],
    id: "account_id",
    name: ["name", "display_name"],
    email: "email",
    emailVerified: "email_verified",
    picture: "profile_photo_url",
  },
});
