import type { Provider } from "./provider.ts";
import type { ProviderHeaders } from "./provider-quirks.ts";

/** Returns the headers that the provider's API wants with each request of this client; for `authenticatedFetch`. */
export function apiHeaders({ headers }: Provider, clientId: string): ProviderHeaders {
  const filled = Object.entries(headers?.api ?? {}).map(([name, value]) => [
    name,
    value.replace("{client_id}", clientId),
  ]);
  return Object.fromEntries(filled) as ProviderHeaders;
}
