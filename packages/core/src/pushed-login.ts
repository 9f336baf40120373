import type { Client } from "./client.ts";

/**
 * Sends a login to the provider itself, where it wants that, and returns the URL for the browser: else `uri` as it is.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126 RFC 9126}
 * @throws TokenRequestError where the provider does not take it
 */
export async function pushedLoginUri(client: Client, uri: URL): Promise<URL> {
  const { clientId, authentication, provider } = client;
  const { issuer, pushLogin } = provider;
  const pushed = await pushLogin?.(uri, {
    clientId,
    authenticate: (body, headers, endpoint) => authentication(body, headers, clientId, { issuer, endpoint }),
  });
  return pushed ?? uri;
}
