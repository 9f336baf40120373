import { type DiscoverOptions, discover, type Provider } from "@pixy/core";

/**
 * Finds a tenant of Logto for one API resource: an access token is a JWT for it where the login and each refresh name it
 * (RFC 8707). Throws `DiscoveryError`.
 */
export function logto(issuer: string, resource: string, options: DiscoverOptions = {}): Promise<Provider> {
  // Without the prompt there is no refresh token.
  const parameters = { authorization: { resource, prompt: "consent" }, code: { resource }, refresh: { resource } };
  return discover(issuer, { openid: true, ...options, provider: { name: "logto", parameters, ...options.provider } });
}
