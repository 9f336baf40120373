import { defineProvider, type Provider, type ProviderInput, presetProvider } from "@pixy/core";

const describe = (site: string) =>
  ({
    name: "gitlab",
    issuer: site,
    authorizationEndpoint: `${site}/oauth/authorize`,
    tokenEndpoint: `${site}/oauth/token`,
    revocationEndpoint: `${site}/oauth/revoke`,
    api: site,
    refreshTokens: { rotation: "rotating" },
    profile: {
      url: `${site}/api/v4/user`,
      scopes: ["read_user"],
      ...{ id: "id", name: "name", email: "email", picture: "avatar_url" },
    },
  }) as const satisfies ProviderInput;

/** GitLab.com. */
export const gitlab: Provider = /* @__PURE__ */ presetProvider(/* @__PURE__ */ describe("https://gitlab.com"));

/** Describes a GitLab of your own at `url`, such as `https://git.example`; throws `ConfigurationError`. */
export function gitlabAt(url: string): Provider {
  return defineProvider(describe(url.replace(/\/$/, "")));
}
