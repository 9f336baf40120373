import { type AnswerRule, type Provider, type ProviderInput, presetProvider } from "@pixy/core";

/**
 * The scopes of an OAuth App at github.com; a GitHub App has permissions in their place. As read on 2026-11-28 in
 * [Scopes for OAuth apps](https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps).
 */
export type GitHubScope =
  | "repo"
  | "repo:status"
  | "repo_deployment"
  | "public_repo"
  | "repo:invite"
  | "security_events"
  | "admin:repo_hook"
  | "write:repo_hook"
  | "read:repo_hook"
  | "admin:org"
  | "write:org"
  | "read:org"
  | "admin:public_key"
  | "write:public_key"
  | "read:public_key"
  | "admin:org_hook"
  | "gist"
  | "notifications"
  | "user"
  | "read:user"
  | "user:email"
  | "user:follow"
  | "project"
  | "read:project"
  | "delete_repo"
  | "write:packages"
  | "read:packages"
  | "delete:packages"
  | "admin:gpg_key"
  | "write:gpg_key"
  | "read:gpg_key"
  | "codespace"
  | "workflow"
  | "admin:enterprise"
  | "manage_runners:enterprise"
  | "manage_billing:enterprise"
  | "read:enterprise"
  | "read:audit_log";

// Errors come with status 200 and words of their own: bad_refresh_token, bad_verification_code.
// A revocation answers 422 for a token that is dead already.
const error: AnswerRule = ({ request, status, members: { error } }) => {
  if ((request === "revoke" && status === 422) || /^bad_/.test(error as string)) return "ended";
  return error === "incorrect_client_credentials" ? "misconfigured" : undefined;
};

type Mail = { readonly email: unknown; readonly primary: boolean; readonly verified: unknown };

// What is no list says nothing of an address; the rest of the profile is there all the same.
const primary = ({ emails }: { readonly emails?: unknown }): Mail | undefined =>
  Array.isArray(emails) ? emails.find((mail: Mail | null) => mail?.primary) : undefined;

const needed: readonly GitHubScope[] = ["read:user", "user:email"];

// A function, so that a bundle with one of the two leaves the other out.
const describe = (name: string, refreshTokens?: ProviderInput["refreshTokens"], scopes = needed): Provider =>
  presetProvider({
    ...{ name, refreshTokens },
    issuer: "https://github.com/login/oauth",
    authorizationEndpoint: "https://github.com/login/oauth/authorize",
    tokenEndpoint: "https://github.com/login/oauth/access_token",
    deviceAuthorizationEndpoint: "https://github.com/login/device/code",
    revocationEndpoint: "https://api.github.com/applications/{client_id}/token",
    revocation: { by: "json", field: "access_token", method: "DELETE", token: "access_token" },
    api: "https://api.github.com",
    // Without one the API refuses every request.
    headers: { api: { "User-Agent": "{client_id}" } },
    answer: { error },
    profile: {
      url: "https://api.github.com/user",
      more: { emails: "https://api.github.com/user/emails" },
      scopes,
      id: "id",
      name: ({ name, login }) => name ?? login,
      email: (answer) => primary(answer)?.email,
      emailVerified: (answer) => primary(answer)?.verified,
      picture: "avatar_url",
    },
  });

/** An OAuth App of GitHub: its tokens live until they are revoked, and none refreshes them. */
export const github: Provider = /* @__PURE__ */ describe("github");

/** A GitHub App, with user tokens of eight hours and refresh tokens whose six months begin anew with each. */
export const githubApp: Provider = /* @__PURE__ */ describe(
  "github-app",
  {
    rotation: "rotating",
    idleLifetime: 15_897_600,
    stated: { field: "refresh_token_expires_in", clock: "idle" },
  },
  // The App's permissions decide: it has no scopes.
  [],
);
