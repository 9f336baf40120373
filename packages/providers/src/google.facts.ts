import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Google",
  register:
    "<https://console.cloud.google.com/apis/credentials>, **Create credentials**, **OAuth client ID**, type *Web application*.",
  redirects: "https; http for localhost and 127.0.0.1.",
  client: "post",
  refreshToken:
    "The preset asks for `access_type=offline` and `prompt=consent`: without the second, Google gives a refresh token at the first consent only.",
  odd: [
    "A refresh token dies after six months without use; of an app in *Testing* after seven days.",
    "A person has a limited number of refresh tokens for one client; the oldest dies silently.",
    "Callbacks carry an `iss` that the metadata does not announce: it is compared where it comes.",
    "A login on another screen wants a client of the type *TVs and Limited Input devices* with its secret, and gets few scopes.",
  ],
  unverified: [
    "That the revocation endpoint wants no client authentication.",
    "Where custom schemes are allowed.",
    "Redirect URIs.",
    "That an Android or iOS client has no secret, and that the others need one beside PKCE.",
  ],
  sources: [
    { url: "https://developers.google.com/identity/gsi/web/guides/devices", read: "2026-11-28" },
    {
      url: "https://developers.google.cn/identity/protocols/oauth2/limited-input-device.md.txt",
      read: "2026-11-28",
    },
    {
      url: "https://docs.gitguardian.com/secrets-detection/secrets-detection-engine/detectors/specifics/google_oauth2_refresh_token",
      read: "2026-11-28",
    },
    { url: "https://qiita.com/croquette0212/items/8da7ccaa09abf89d4f51", read: "2026-11-28", copyOf: "2022-10-13" },
    { url: "https://github.com/openiddict/openiddict-core/issues/2428", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
    { url: "https://github.com/NangoHQ/nango/tree/2f4c0af", read: "2026-11-25" },
    { url: "https://wiki.dolibarr.org/index.php/Special:MobileDiff/61572", read: "2026-11-28" },
  ],
  scope: ["openid", "email", "profile"],
};
