import type { Facts } from "./shared/facts.ts";
import type { StravaScope } from "./strava.ts";

export const facts: Facts = {
  title: "Strava",
  register: "<https://www.strava.com/settings/api>.",
  redirects: "Within the registered callback domain; localhost and 127.0.0.1 always.",
  client: "post",
  refreshToken: "Every login gives one.",
  odd: [
    "Scopes are sent with commas. People may untick some; what they allowed stands in the callback, which Pixy does not read: the session has the scopes that were asked for.",
    "A refusal has no `error`.",
    "The preset sends no PKCE: a client needs a secret.",
  ],
  unverified: [
    "The parameters of the revocation.",
    "What becomes of a replaced refresh token.",
    "That there is no PKCE.",
    "That a revocation ends all tokens of the person.",
    "The end of the list of scopes: the copy of Strava’s page broke off, and the rest was read where others quote it.",
  ],
  sources: [
    { url: "https://developers.strava.com/docs/authentication/", read: "2026-11-28" },
    { url: "https://developers.strava.com/docs/oauth-updates", read: "2026-11-28" },
    { url: "https://rdrr.io/pkg/rStrava/man/strava_oauth.html", read: "2026-11-28" },
    { url: "https://rdrr.io/github/longwei66/mountainbikeR/man/mountainbiker_initializer.html", read: "2026-11-28" },
    { url: "https://github.com/dreeveapp/dreeve/issues/1449", read: "2026-11-25" },
  ],
  scope: ["read"] satisfies StravaScope[],
};
