import { type Authenticator, apiHeaders, authenticatedFetch, type Provider } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";

/**
 * Makes the fetch of the provider's API.
 *
 * @throws ConfigurationError for a provider that names none
 */
export function providerFetch<Data>(
  { fetch }: Settings<Data>,
  provider: Provider,
  authenticator: Authenticator,
  clientId: string,
  origins?: readonly string[],
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const { proveRequest } = provider;
  const api = origins === undefined ? provider.api : undefined;
  return authenticatedFetch(authenticator, {
    origins: origins ?? (api === undefined ? [] : [new URL(api).origin]),
    ...(api === undefined ? {} : { base: api }),
    fetch,
    proveRequest,
    headers: apiHeaders(provider, clientId),
  });
}
