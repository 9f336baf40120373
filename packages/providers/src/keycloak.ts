import { type DiscoverOptions, discover, type Provider } from "@pixy/core";

/** Finds a realm of Keycloak, whose answers state when a refresh token ends; 0 says never. Throws `DiscoveryError`. */
export function keycloak(issuer: string, options: DiscoverOptions = {}): Promise<Provider> {
  const refreshTokens = { stated: { field: "refresh_expires_in", clock: "idle" } } as const;
  return discover(issuer, {
    openid: true,
    ...options,
    provider: { name: "keycloak", refreshTokens, ...options.provider },
  });
}
