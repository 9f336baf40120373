import type { GitLabScope } from "./gitlab.ts";
import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "GitLab",
  register: "**Preferences**, **Applications** of your account, a group, or an instance.",
  redirects: "https; plain http for development.",
  client: "none",
  refreshToken: "Every login gives one.",
  odd: [
    "A refresh ends the pair before it at once, also its access token.",
    "A public client is one with *Confidential* unticked.",
    "`gitlabAt(url)` describes an instance of your own; one before 17.9 may have no login on another screen.",
  ],
  unverified: [
    "That refresh tokens have no clock.",
    "That no `redirect_uri` is needed at a refresh, which the documentation shows with one.",
    "Whether a client without a secret may revoke: the documentation shows one with a secret.",
  ],
  sources: [
    {
      url: "https://github.com/gitlabhq/gitlabhq/blob/0286e4c628d68960d0ca9e961d82c3ea6ac90633/doc/integration/oauth_provider.md",
      read: "2026-11-28",
    },
    { url: "https://docs.gitlab.com/api/oauth2/", read: "2026-11-28" },
    { url: "https://github.com/pilcrowonpaper/arctic/tree/07ca261", read: "2026-11-25" },
  ],
  scope: ["read_user"] satisfies GitLabScope[],
};
