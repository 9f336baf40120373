import type { Facts } from "./shared/facts.ts";
import type { XScope } from "./x.ts";

export const facts: Facts = {
  title: "X",
  register: "<https://developer.x.com/en/portal/dashboard>, **User authentication settings**.",
  redirects: "Exactly as registered, with the slash at the end; https, locally http on 127.0.0.1, not localhost.",
  client: "basic",
  refreshToken: "Add the scope `offline.access`.",
  odd: [
    "A confidential client (*Web App*, *Bot*) authenticates by Basic alone.",
    "A dead refresh token is refused as `invalid_request`.",
    "A refresh token that is shown twice ends the login: a lost answer is not sent again while the access token works.",
  ],
  unverified: [
    "Whether a refresh token lives for six months, and by which clock.",
    "That a code lives for 30 seconds.",
    "The words that refuse a dead refresh token.",
    "That the list of scopes is whole: its page and its API’s description differ, and the type has both.",
  ],
  sources: [
    {
      url: "https://github.com/xdevplatform/docs/blob/287132819074964da9c1c410ba02df5a06c932d3/fundamentals/authentication/oauth-2-0/authorization-code.mdx",
      read: "2026-11-28",
      copyOf: "2026-08-22",
    },
    { url: "https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code", read: "2026-11-28" },
    { url: "https://github.com/trypostit/trypost/issues/126", read: "2026-11-25" },
    { url: "https://github.com/tweepy/tweepy/issues/2156", read: "2026-11-25" },
    { url: "https://github.com/unasuke/omniauth-twitter2/issues/4", read: "2026-11-25" },
  ],
  scope: ["users.read", "tweet.read", "offline.access"] satisfies XScope[],
};
