import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes that routes of Dropbox's API name, and those of OpenID Connect; some are for teams. As read on 2026-11-28 in
 * [its API's description](https://github.com/dropbox/dropbox-api-spec/tree/0d994ebe9e86f741b380a75a5267819aeb7eb63e).
 */
export type DropboxScope =
  | "account_info.read"
  | "account_info.write"
  | "contacts.write"
  | "events.read"
  | "file_requests.read"
  | "file_requests.write"
  | "files.content.read"
  | "files.content.write"
  | "files.metadata.read"
  | "files.metadata.write"
  | "files.permanent_delete"
  | "files.team_metadata.write"
  | "groups.read"
  | "groups.write"
  | "members.delete"
  | "members.read"
  | "members.write"
  | "openid"
  | "email"
  | "profile"
  | "sessions.list"
  | "sessions.modify"
  | "sharing.read"
  | "sharing.write"
  | "team_data.content.read"
  | "team_data.content.write"
  | "team_data.governance.write"
  | "team_data.member"
  | "team_info.read"
  | "team_info.write";

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
    scopes: ["account_info.read"] satisfies DropboxScope[],
    id: "account_id",
    name: ["name", "display_name"],
    email: "email",
    emailVerified: "email_verified",
    picture: "profile_photo_url",
  },
});
