import type { Callback } from "./callback.ts";
import type { Client } from "./client.ts";
import { ConfigurationError, invalidOption } from "./errors.ts";
import { appendParameters, type ExtraParameters, refuseReserved } from "./parameters.ts";
import { isVerifier } from "./pkce.ts";
import { checkScopeToken } from "./scope.ts";

/** A request as `fetch(url, request)` takes it; the body holds secrets. */
export interface TokenRequest {
  readonly url: string;
  readonly method: "POST";
  readonly headers: Headers;
  readonly body: URLSearchParams;
}

/** The same for a revocation; its body may be JSON, or there may be none. */
export interface RevocationRequest {
  readonly url: string;
  readonly method: "POST" | "DELETE";
  readonly headers: Headers;
  readonly body: URLSearchParams | string | null;
}

/**
 * Builds the code exchange. Rejects as the client's authentication does.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749 section 4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.5 RFC 7636 section 4.5}
 * @throws ConfigurationError for what is no verifier.
 */
export async function buildCodeRequest(
  client: Client,
  callback: Callback,
  verifier: string,
  parameters?: ExtraParameters,
): Promise<TokenRequest> {
  if (!isVerifier(verifier)) {
    throw new ConfigurationError("The verifier is not valid.", {
      code: "invalid_verifier",
      option: "verifier",
      hint: "Pass the verifier of the generateCodes() whose challenge went into the login URI.",
    });
  }
  const { tokenEndpoint, parameters: own, pkce } = client.provider;
  return build(
    client,
    tokenEndpoint,
    {
      grant_type: "authorization_code",
      code: callback.code,
      redirect_uri: callback.redirectUri,
      ...(pkce ? {} : { code_verifier: verifier }),
    },
    { ...own?.code, ...parameters },
  );
}

/**
 * Builds a refresh without a scope, so that the granted scopes stay.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 */
export async function buildRefreshRequest(
  client: Client,
  refreshToken: string,
  parameters?: ExtraParameters,
): Promise<TokenRequest> {
  const { tokenEndpoint, refreshEndpoint = tokenEndpoint, parameters: own } = client.provider;
  const refresh = { grant_type: "refresh_token", refresh_token: refreshToken };
  return build(client, refreshEndpoint, refresh, { ...own?.refresh, ...parameters });
}

/**
 * Builds a request for tokens of the client itself, without a user.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.4 RFC 6749 section 4.4}
 * @throws ConfigurationError for a public client.
 */
export async function buildClientCredentialsRequest(
  client: Client,
  scope: readonly string[] = [],
  parameters?: ExtraParameters,
): Promise<TokenRequest> {
  if (client.authentication.method === "none") {
    throw new ConfigurationError("A public client has no credentials of its own.", {
      code: "invalid_option",
      option: "authentication",
      hint: "Use secretBasic() or secretPost().",
    });
  }
  for (const token of scope) checkScopeToken(token);
  const own = { grant_type: "client_credentials", scope: scope.join(" ") };
  return build(client, client.provider.tokenEndpoint, own, parameters);
}

/**
 * Builds the revocation of a refresh or access token, as the RFC or the provider's `revocation` says.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2.1 RFC 7009 section 2.1}
 * @throws ConfigurationError where the provider has no revocation endpoint.
 */
export async function buildRevocationRequest(
  client: Client,
  token: string,
  parameters?: ExtraParameters,
): Promise<RevocationRequest> {
  const { revocationEndpoint, revocation } = client.provider;
  if (!revocationEndpoint) {
    throw new ConfigurationError("The provider has no revocation endpoint.", {
      code: "invalid_option",
      option: "revocationEndpoint",
      hint: "Do not call this: tokens live on until they expire.",
    });
  }
  const endpoint = revocationEndpoint.replace("{client_id}", encodeURIComponent(client.clientId));
  if (!revocation) return build(client, endpoint, { token }, parameters);
  const { method = "POST" } = revocation;
  if (revocation.by === "bearer") {
    const headers = new Headers({ ...client.provider.headers?.token, Authorization: `Bearer ${token}` });
    return { url: endpoint, method, headers, body: null };
  }
  const { by, field } = revocation;
  const { url, headers, body } = await build(client, endpoint, { [field]: token }, parameters);
  if (by === "form") return { url, method, headers, body };
  headers.set("Content-Type", "application/json");
  return { url, method, headers, body: JSON.stringify(Object.fromEntries(body)) };
}

/** Builds a form POST with the client's identity in it. */
export async function build(
  client: Client,
  url: string,
  own: Readonly<Record<string, string>>,
  parameters: ExtraParameters = {},
): Promise<TokenRequest> {
  const { clientId, provider } = client;
  const { clientIdParameter } = provider;
  refuseReserved(Object.keys(parameters), { clientIdParameter });
  const body = new URLSearchParams();
  const headers = new Headers({
    Accept: "application/json",
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
    ...provider.headers?.token,
  });
  await client.authentication(body, headers, clientId, { issuer: provider.issuer, endpoint: url });
  if (clientIdParameter && body.has("client_id")) {
    body.delete("client_id");
    body.set(clientIdParameter, clientId);
  }
  if (headers.has("Authorization") && body.has("client_secret")) {
    throw invalidOption("authentication", "Authenticate by header or body, not both, RFC 6749 section 2.3.");
  }
  // An authentication identifies the client; it does not change what is asked for.
  for (const name of Object.keys(own)) body.delete(name);
  appendParameters(body, { ...own, ...parameters });
  return { url, method: "POST", headers, body };
}
