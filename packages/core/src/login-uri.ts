import type { Client } from "./client.ts";
import { ConfigurationError } from "./errors.ts";
import { appendParameters, type ExtraParameters, refuseReserved } from "./parameters.ts";
import { checkScopeToken } from "./scope.ts";

export interface LoginUriRequest {
  /** Scopes, joined as the provider wants it; none leaves the parameter out. */
  readonly scope?: readonly string[] | undefined;
  /** From `generateState()`; kept by you, bound to the browser, until the callback. */
  readonly state?: string | undefined;
  /** From `generateCodes()`; not sent to a provider whose `pkce` is `unsupportedByProvider`. */
  readonly codeChallenge: string;
  /** Always S256; there is no `plain`. */
  readonly codeChallengeMethod?: "S256" | undefined;
  /** Further parameters, e.g. `resource` (RFC 8707); those that carry the protocol are refused, `response_mode` too. */
  readonly parameters?: ExtraParameters | undefined;
}

/**
 * Builds the URL that a person is sent to for the login; the redirect URI stays byte for byte as registered.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749 section 4.1.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.3 RFC 7636 section 4.3}
 * @throws ConfigurationError with code `invalid_option` or `reserved_parameter`.
 * @example
 * const codes = await generateCodes();
 * const state = generateState();
 * const url = buildLoginUri(client, { state, codeChallenge: codes.challenge, scope: ["profile"] });
 */
export function buildLoginUri(client: Client, request: LoginUriRequest): URL {
  const { scope, state, codeChallenge, codeChallengeMethod = "S256", parameters = {} } = request;
  if (codeChallengeMethod !== "S256" || !/^[\w-]{43}$/.test(codeChallenge)) {
    throw invalid("codeChallenge", "Pass the challenge of generateCodes(); the method is S256.");
  }
  if (state && !/^[\w-]{1,128}$/.test(state)) {
    throw invalid("state", "Use generateState(), or up to 128 characters out of A-Z a-z 0-9 - _.");
  }
  for (const token of scope ?? []) checkScopeToken(token);
  const { provider } = client;
  const { separator = " ", parameter = "scope" } = provider.scope ?? {};
  const url = new URL(provider.authorizationEndpoint);
  // Apart from the URL, which would write itself anew with each parameter.
  const query = new URLSearchParams(url.search);
  refuseReserved([...query.keys(), ...Object.keys(parameters)]);
  appendParameters(query, {
    [provider.clientIdParameter ?? "client_id"]: client.clientId,
    response_type: "code",
    response_mode: provider.responseMode,
    redirect_uri: client.redirectUri,
    state,
    [parameter]: scope?.join(separator),
    ...(provider.pkce ? {} : { code_challenge: codeChallenge, code_challenge_method: codeChallengeMethod }),
    ...provider.parameters?.authorization,
    ...parameters,
  });
  url.search = query.toString();
  return url;
}

function invalid(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`${option} is not valid.`, { code: "invalid_option", option, hint });
}
