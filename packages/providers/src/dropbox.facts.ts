import type { DropboxScope } from "./dropbox.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Dropbox",
  register: "<https://www.dropbox.com/developers/apps>, **Create app**; tick the scopes under **Permissions**.",
  redirects: "https; http for localhost.",
  client: "none",
  refreshToken: "The preset asks for `token_access_type=offline`.",
  odd: ["A refresh token stays, and no answer to a refresh repeats it.", "The profile is a POST without a body."],
  unverified: [
    "That the revocation is a call without a body.",
    "That refresh tokens have no clock.",
    "Redirect URIs.",
    "The scopes `email` and `profile`, which no route names.",
  ],
  sources: [
    {
      url: "https://github.com/dropbox/dropbox-api-spec/tree/0d994ebe9e86f741b380a75a5267819aeb7eb63e",
      read: "2026-11-28",
      copyOf: "2026-08-05",
    },
    { url: "https://developers.dropbox.com/oauth-guide", read: "2026-11-25", by: "title" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
    { url: "https://github.com/dropbox/dropbox-sdk-python/issues/187", read: "2026-11-25" },
  ],
  scope: ["account_info.read"] satisfies DropboxScope[],
};
