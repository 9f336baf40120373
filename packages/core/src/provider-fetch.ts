import { apiHeaders } from "./api-headers.ts";
import { type AuthenticatedFetch, authenticatedFetch } from "./authenticated-fetch.ts";
import type { Authenticator } from "./authenticator.ts";
import type { Provider } from "./provider.ts";

export interface ProviderFetchOptions {
  readonly clientId: string;
  /** The origins that get the token in place of the API's own; relative URLs are refused then. */
  readonly origins?: readonly string[] | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/**
 * Makes the fetch of the provider's API: its base and origin, the headers that it wants, and its proofs.
 *
 * @throws ConfigurationError for a provider that names no API
 */
export function providerFetch(
  provider: Provider,
  authenticator: Authenticator,
  { clientId, origins, fetch }: ProviderFetchOptions,
): AuthenticatedFetch {
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
