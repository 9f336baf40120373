import { type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of X: of its page, and of its API's description, which has some more. As read on 2026-11-28 in
 * [its documentation](https://github.com/xdevplatform/docs/blob/287132819074964da9c1c410ba02df5a06c932d3/fundamentals/authentication/oauth-2-0/authorization-code.mdx).
 */
export type XScope =
  | "tweet.read"
  | "tweet.write"
  | "tweet.moderate.write"
  | "users.email"
  | "users.read"
  | "follows.read"
  | "follows.write"
  | "offline.access"
  | "space.read"
  | "mute.read"
  | "mute.write"
  | "like.read"
  | "like.write"
  | "list.read"
  | "list.write"
  | "block.read"
  | "block.write"
  | "bookmark.read"
  | "bookmark.write"
  | "dm.read"
  | "dm.write"
  | "media.write"
  | "broadcast.read"
  | "broadcast.write"
  | "timeline.read";

/** X, once Twitter. Refresh tokens need `offline.access`; one that is shown twice ends the login, and so does half a year. */
export const x: Provider = /* @__PURE__ */ presetProvider({
  name: "x",
  issuer: "https://x.com",
  authorizationEndpoint: "https://x.com/i/oauth2/authorize",
  tokenEndpoint: "https://api.x.com/2/oauth2/token",
  revocationEndpoint: "https://api.x.com/2/oauth2/revoke",
  api: "https://api.x.com",
  refreshTokens: { rotation: "rotating", retryUnknown: false },
  answer: {
    // At a code exchange the same words are a mistake of the caller.
    error: ({ request, members: { error, error_description } }) =>
      request === "refresh" && error === "invalid_request" && /token was invalid/.test(String(error_description))
        ? "ended"
        : undefined,
  },
  profile: {
    url: "https://api.x.com/2/users/me?user.fields=profile_image_url,confirmed_email",
    scopes: ["users.read", "tweet.read", "users.email"] satisfies XScope[],
    id: ["data", "id"],
    name: ["data", "name"],
    email: ["data", "confirmed_email"],
    picture: ["data", "profile_image_url"],
  },
});
