import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of Reddit. As read on 2026-11-28 in
 * [a quotation of its list](https://praw.readthedocs.io/en/latest/tutorials/refresh_token.html).
 */
export type RedditScope =
  | "account"
  | "announcements"
  | "creddits"
  | "edit"
  | "flair"
  | "history"
  | "identity"
  | "livemanage"
  | "modconfig"
  | "modcontributors"
  | "modflair"
  | "modlog"
  | "modmail"
  | "modothers"
  | "modposts"
  | "modself"
  | "modtraffic"
  | "modwiki"
  | "mysubreddits"
  | "privatemessages"
  | "read"
  | "report"
  | "save"
  | "structuredstyles"
  | "submit"
  | "subscribe"
  | "vote"
  | "wikiedit"
  | "wikiread";

/**
 * Describes Reddit for an app that says who it is, as Reddit asks in its rules: `web:com.example.app:1.0 (by /u/somebody)`.
 * Without a `User-Agent` of its own, a request is refused by a page of the firewall.
 */
export function reddit(userAgent: string): Provider {
  const agent = { "User-Agent": userAgent };
  return presetProvider({
    name: "reddit",
    issuer: "https://www.reddit.com",
    authorizationEndpoint: "https://www.reddit.com/api/v1/authorize",
    tokenEndpoint: "https://www.reddit.com/api/v1/access_token",
    revocationEndpoint: "https://www.reddit.com/api/v1/revoke_token",
    api: "https://oauth.reddit.com",
    pkce: "unsupportedByProvider",
    parameters: { authorization: { duration: "permanent" } },
    headers: { token: agent, api: agent },
    refreshTokens: { rotation: "reusable" },
    profile: {
      url: "https://oauth.reddit.com/api/v1/me",
      scopes: ["identity"] satisfies RedditScope[],
      id: "id",
      name: "name",
      picture: ({ icon_img }) => String(icon_img ?? "").split("?")[0],
    },
  });
}
