import { defineProvider, type Provider, type ProviderInput, presetProvider } from "@pixy/core";

const describe = (site: string) =>
  ({
    name: "salesforce",
    issuer: site,
    authorizationEndpoint: `${site}/services/oauth2/authorize`,
    tokenEndpoint: `${site}/services/oauth2/token`,
    revocationEndpoint: `${site}/services/oauth2/revoke`,
    api: site,
    // Each org has a host of its own.
    apiFrom: { member: "instance_url", hosts: [".salesforce.com"] },
    keep: ["instance_url", "id"],
    // An org decides whether it rotates, and then a second use ends the login.
    refreshTokens: { rotation: "either", retryUnknown: false },
    // The answer does not say; an org decides between 15 minutes and 24 hours, two hours if it does not.
    accessTokens: { lifetime: 7200 },
    profile: {
      url: `${site}/services/oauth2/userinfo`,
      scopes: ["openid"],
      id: "user_id",
      name: "name",
      email: "email",
      emailVerified: "email_verified",
      picture: ["photos", "picture"],
    },
  }) as const satisfies ProviderInput;

/** Salesforce. Refresh tokens need the scope `refresh_token`. */
export const salesforce: Provider = /* @__PURE__ */ presetProvider(
  /* @__PURE__ */ describe("https://login.salesforce.com"),
);

/** Describes a sandbox (`https://test.salesforce.com`) or a My Domain; throws `ConfigurationError`. */
export function salesforceAt(url: string): Provider {
  return defineProvider(describe(url.replace(/\/$/, "")));
}
