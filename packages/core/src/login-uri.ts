import type { Client } from "./client.ts";
import { invalidOption } from "./errors.ts";
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
  const { scope, state, codeChallenge, codeChallengeMethod = "S256", parameters } = request;
  if (codeChallengeMethod !== "S256" || !/^[\w-]{43}$/.test(codeChallenge)) {
    throw invalidOption("codeChallenge", "Pass the challenge of generateCodes(); the method is S256.");
  }
  if (state && !/^[\w-]{1,128}$/.test(state)) {
    throw invalidOption("state", "Use generateState(), or up to 128 of A-Z a-z 0-9 - _.");
  }
  for (const token of scope ?? []) checkScopeToken(token);
  const { provider } = client;
  const { separator = " ", parameter = "scope" } = provider.scope ?? {};
  const further = { ...provider.parameters?.authorization, ...parameters };
  refuseReserved(Object.keys(further), provider);
  let uri = beginningOf(client) + encode({ state, [parameter]: scope?.join(separator) });
  // A challenge has no character that a query would have to encode.
  if (!provider.pkce) uri += `&code_challenge=${codeChallenge}&code_challenge_method=S256`;
  return new URL(uri + encode(further));
}

const beginnings = /* @__PURE__ */ new WeakMap<Client, string>();

/** What all logins of a client have in common, written once: a client is frozen. */
function beginningOf(client: Client): string {
  let beginning = beginnings.get(client);
  if (!beginning) {
    const { clientId, redirectUri, provider } = client;
    const url = new URL(provider.authorizationEndpoint);
    refuseReserved(url.searchParams.keys(), provider);
    appendParameters(url.searchParams, {
      [provider.clientIdParameter ?? "client_id"]: clientId,
      response_type: "code",
      response_mode: provider.responseMode,
      redirect_uri: redirectUri,
    });
    beginning = url.href;
    beginnings.set(client, beginning);
  }
  return beginning;
}

/** Returns parameters as the further part of a query. */
function encode(parameters: ExtraParameters): string {
  const query = new URLSearchParams();
  appendParameters(query, parameters);
  // Not by its size, which older browsers do not know.
  const text = String(query);
  return text && `&${text}`;
}
