import { ConfigurationError, type Provider, presetProvider } from "@pixy/core";

/**
 * Describes one tenant of Microsoft Entra ID, by its id: `common` and `organizations` have no issuer of their own, so that
 * nothing could be checked. Throws `ConfigurationError`.
 */
export function microsoft(tenant: string): Provider {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(tenant)) {
    throw new ConfigurationError("This is not the id of a tenant.", {
      code: "invalid_option",
      option: "tenant",
      hint: "Give the Directory (tenant) ID of the app's overview, in lower case. For personal accounts use microsoft(consumers).",
    });
  }
  const site = `https://login.microsoftonline.com/${tenant}`;
  return presetProvider({
    name: "microsoft",
    issuer: `${site}/v2.0`,
    authorizationEndpoint: `${site}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${site}/oauth2/v2.0/token`,
    deviceAuthorizationEndpoint: `${site}/oauth2/v2.0/devicecode`,
    api: "https://graph.microsoft.com",
    // Each refresh gives a new one for 90 days, and those before it stay valid.
    refreshTokens: { rotation: "rotating", idleLifetime: 7_776_000, grace: "unlimited" },
    profile: {
      url: "https://graph.microsoft.com/oidc/userinfo",
      scopes: ["openid", "profile", "email"],
      // Its `picture` is not an address that a browser could load.
      ...{ id: "sub", name: "name", email: "email" },
    },
  });
}

/** The tenant of personal Microsoft accounts. */
export const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad";
