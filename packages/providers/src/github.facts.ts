import type { GitHubScope } from "./github.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "GitHub",
  register: "<https://github.com/settings/developers>, **New OAuth App**, or **New GitHub App** for `githubApp`.",
  redirects:
    "http is allowed on loopback, where the port may differ from the registered one; custom schemes are allowed.",
  client: "basic",
  refreshToken:
    "An OAuth App has none: its token lives until it is revoked. A GitHub App has them where *Expire user authorization tokens* is on.",
  odd: [
    "Errors come with status 200.",
    "The API refuses a request without `User-Agent`; the preset sends the client id, and your own header wins.",
    "An e-mail address is asked for at `/user/emails`, with the scope `user:email`.",
    "A GitHub App’s refresh ends the pair before it at once, also its access token.",
    "A login on another screen is for an app whose settings have *Enable Device Flow* ticked.",
    "Since August 2026 callbacks carry an `iss`; it is compared where it comes.",
  ],
  unverified: [
    "That status 422 of a revocation is that of a dead token: the page says *Validation failed*.",
    "What a secret in the body does to the revocation: use `secretBasic`.",
  ],
  sources: [
    { url: "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps", read: "2026-11-28" },
    {
      url: "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens",
      read: "2026-11-28",
    },
    { url: "https://docs.github.com/en/rest/apps/oauth-applications", read: "2026-11-27" },
    {
      url: "https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
      read: "2026-11-25",
      by: "title",
    },
    {
      url: "https://github.com/github/docs/blob/029b09ac7206a46ede804fd54fa6273376490c3c/content/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps.md",
      read: "2026-11-28",
    },
    { url: "https://github.com/interlink-hq/interLink/pull/262", read: "2026-11-27" },
    { url: "https://github.com/langfuse/langfuse/issues/13091", read: "2026-11-25" },
    { url: "https://github.com/pytorch/test-infra/issues/8589", read: "2026-11-25", copyOf: "2026-08-20" },
    { url: "https://github.com/github/docs/issues/13663", read: "2026-11-25" },
  ],
  scope: ["read:user", "user:email"] satisfies GitHubScope[],
};
