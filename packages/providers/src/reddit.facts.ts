import type { RedditScope } from "./reddit.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Reddit",
  register: "<https://www.reddit.com/prefs/apps>, **create another app**, *web app*.",
  redirects: "Exactly as registered.",
  client: "basic",
  refreshToken: "The preset asks for `duration=permanent`.",
  odd: [
    "A request without a `User-Agent` of its own gets a page of the firewall: `reddit(…)` takes yours.",
    "The preset sends no PKCE: a client needs a secret, so that an *installed app* cannot be used.",
    "There is no e-mail address.",
  ],
  unverified: [
    "The refusal of a dead refresh token: a login is offered, and the token is kept.",
    "The revocation.",
    "That there is no PKCE.",
    "Redirect URIs.",
    "That a refresh token stays, and has no clock.",
    "That the list of scopes is whole: `/api/v1/scopes.json` has it, and it was read where PRAW quotes it of February 2021.",
  ],
  sources: [
    { url: "https://praw.readthedocs.io/en/latest/tutorials/refresh_token.html", read: "2026-11-28" },
    { url: "https://github.com/reddit-archive/reddit/wiki/OAuth2", read: "2026-11-25" },
    { url: "https://github.com/reddit-archive/reddit/issues/1793", read: "2026-11-25" },
    { url: "https://github.com/simstudioai/sim/issues/1822", read: "2026-11-25" },
    { url: "https://github.com/better-auth/better-auth/tree/451aa4b", read: "2026-11-25" },
  ],
  scope: ["identity"] satisfies RedditScope[],
  expression: 'reddit("web:com.example.app:1.0 (by /u/somebody)")',
};
