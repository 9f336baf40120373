import { DiscoveryError, discover, type Provider } from "@pixy/core";
import { endpointOf, identityProvider } from "./identity-provider.ts";
import { createKeySet, type KeySet } from "./key-set.ts";
import { type OpenIdOptions, readOptions } from "./options.ts";

/**
 * Describes a provider of OpenID Connect, which is found at first use: each login carries a nonce, and brings an ID token that
 * is checked before there is a session. `login.claims` has what it says, and so has the profile. A refresh that brings one is checked alike; where
 * it is another person's, the login ends.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth OpenID Connect Core section 3.1}
 * @throws ConfigurationError for an option that cannot be used; what is returned rejects with `DiscoveryError`
 * @example
 * const auth = pixy({ provider: openid("https://tenant.example"), clientId, baseUrl, secret });
 */
export function openid(issuer: string, options: OpenIdOptions = {}): () => Promise<Provider> {
  const settings = readOptions(issuer, options);
  const { provider, pkce, issuerPattern: metadataIssuer, allowInsecureLoopback, fetch, now } = settings;
  let made: { readonly found: Provider; readonly provider: Provider } | null = null;
  let keySet: { readonly url: string; readonly keys: KeySet } | null = null;

  return async () => {
    const from = { openid: true, provider, pkce, metadataIssuer, allowInsecureLoopback, fetch, now };
    const found = await discover(issuer, from);
    const url = endpointOf("jwks_uri", found, settings);
    if (keySet?.url !== url) keySet = { url, keys: createKeySet(url, { fetch, now }) };
    const { keys } = keySet;
    if (made?.found !== found) made = { found, provider: identityProvider(found, settings, keys) };
    const { provider: complete } = made;
    // Before a login needs them: a code is spent once, and its answer has to be checked then.
    await keys.load().catch((cause) => {
      throw new DiscoveryError("The provider's keys could not be read.", {
        ...{ code: "metadata_unavailable", cause },
        hint: "See the cause, and the jwks_uri of its metadata.",
      });
    });
    return complete;
  };
}
