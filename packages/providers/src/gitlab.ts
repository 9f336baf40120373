import { defineProvider, type Provider, type ProviderInput, presetProvider } from "@pixy/core";

/**
 * The scopes of GitLab; some are for administrators. As read on 2026-11-28 in
 * [its documentation](https://github.com/gitlabhq/gitlabhq/blob/0286e4c628d68960d0ca9e961d82c3ea6ac90633/doc/integration/oauth_provider.md).
 */
export type GitLabScope =
  | "api"
  | "read_api"
  | "read_user"
  | "create_runner"
  | "manage_runner"
  | "k8s_proxy"
  | "read_repository"
  | "write_repository"
  | "read_registry"
  | "write_registry"
  | "read_virtual_registry"
  | "write_virtual_registry"
  | "read_observability"
  | "write_observability"
  | "ai_features"
  | "sudo"
  | "admin_mode"
  | "read_service_ping"
  | "openid"
  | "profile"
  | "email";

const describe = (site: string) =>
  ({
    name: "gitlab",
    issuer: site,
    authorizationEndpoint: `${site}/oauth/authorize`,
    tokenEndpoint: `${site}/oauth/token`,
    deviceAuthorizationEndpoint: `${site}/oauth/authorize_device`,
    revocationEndpoint: `${site}/oauth/revoke`,
    api: site,
    refreshTokens: { rotation: "rotating" },
    profile: {
      url: `${site}/api/v4/user`,
      scopes: ["read_user"] satisfies GitLabScope[],
      ...{ id: "id", name: "name", email: "email", picture: "avatar_url" },
    },
  }) as const satisfies ProviderInput;

/** GitLab.com. */
export const gitlab: Provider = /* @__PURE__ */ presetProvider(/* @__PURE__ */ describe("https://gitlab.com"));

/** Describes a GitLab of your own at `url`, such as `https://git.example`; throws `ConfigurationError`. */
export function gitlabAt(url: string): Provider {
  return defineProvider(describe(url.replace(/\/$/, "")));
}
