import { type DiscoverOptions, discover, type Provider } from "@pixy/core";

/** Finds a user pool of Amazon Cognito, which supports S256 and does not say so. Throws `DiscoveryError`. */
export function cognito(region: string, userPoolId: string, options: DiscoverOptions = {}): Promise<Provider> {
  return discover(`https://cognito-idp.${region}.amazonaws.com/${userPoolId}`, {
    ...{ openid: true, pkce: "known", ...options },
    provider: { name: "cognito", ...options.provider },
  });
}
