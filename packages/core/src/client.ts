import { isWellFormed } from "./encoding.ts";
import { ConfigurationError, invalidOption } from "./errors.ts";
import { checkFunctions, checkMembers, type Members } from "./members.ts";
import type { FindProvider, Provider } from "./provider.ts";

/**
 * Adds the client's identity to a token request: exactly one of header and body; awaited.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3 RFC 6749 section 2.3}
 */
export interface ClientAuthentication {
  (body: URLSearchParams, headers: Headers, clientId: string, server: RequestTarget): void | Promise<void>;
  /** The name of RFC 8414's `token_endpoint_auth_methods_supported`, for diagnostics. */
  readonly method?: string;
}

/** Whom a request is sent to, for what is signed for it. */
export interface RequestTarget {
  readonly issuer: string;
  readonly endpoint: string;
}

/** Your registration at a provider. */
export interface Client {
  readonly provider: Provider;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly authentication: ClientAuthentication;
}

export interface ClientInput {
  readonly provider: Provider;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Default `none()`: a public client, protected by PKCE. */
  readonly authentication?: ClientAuthentication | undefined;
}

/** A registration at a provider that is found at first use. */
export interface FoundClientInput extends Omit<ClientInput, "provider"> {
  readonly provider: FindProvider;
}

/** Finds the provider, and gives the client: the same one as long as the provider is the same. */
export type FindClient = () => Promise<Client>;

/**
 * Identifies a public client by `client_id` in the body.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.2.1 RFC 6749 section 3.2.1}
 */
export function none(): ClientAuthentication {
  return named("none", (body, _headers, clientId) => {
    body.set("client_id", clientId);
  });
}

/** Identifies a public client by HTTP Basic with an empty password, for servers that read the client id nowhere else. */
export function basicWithoutSecret(): ClientAuthentication {
  return named("none", (_body, headers, clientId) => setBasic(headers, clientId, ""));
}

/**
 * Authenticates a confidential client by HTTP Basic; id and secret are form-encoded first.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 section 2.3.1}
 * @throws ConfigurationError for a secret that is empty or has white space at an end.
 */
export function secretBasic(secret: string): ClientAuthentication {
  checkText("secret", secret);
  return named("client_secret_basic", (_body, headers, clientId) => setBasic(headers, clientId, secret));
}

/**
 * Authenticates a confidential client by `client_secret` in the body.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 section 2.3.1}
 * @throws ConfigurationError for a secret that is empty or has white space at an end.
 */
export function secretPost(secret: string): ClientAuthentication {
  checkText("secret", secret);
  return named("client_secret_post", (body, _headers, clientId) => {
    body.set("client_id", clientId);
    body.set("client_secret", secret);
  });
}

/**
 * Checks and freezes a registration; the redirect URI is kept byte for byte. With a function as provider it returns a
 * function, which asks for the provider when it is called and rejects as that does.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2 RFC 6749 section 2}
 * @throws ConfigurationError with the option to change.
 * @example
 * const client = createClient({ provider, clientId: "app", redirectUri: "https://app.example/callback" });
 * @example
 * const find = createClient({ provider: () => discover("https://as.example"), clientId: "app", redirectUri });
 * const uri = buildLoginUri(await find(), { state, codeChallenge });
 */
export function createClient(input: ClientInput): Client;
export function createClient(input: FoundClientInput): FindClient;
export function createClient(input: ClientInput | FoundClientInput): Client | FindClient {
  checkMembers("", input, {
    ...{ provider: 1, clientId: 1, redirectUri: 1, authentication: 1 },
  } satisfies Members<keyof ClientInput>);
  const { provider, clientId, redirectUri, authentication = none() } = input;
  checkFunctions("", input, ["authentication"]);
  checkText("clientId", clientId);
  checkRedirectUri(redirectUri);
  if (typeof provider !== "function") return atProvider({ provider, clientId, redirectUri, authentication });
  let known: Client | undefined;
  return async () => {
    const found = await provider();
    if (known?.provider !== found) known = atProvider({ provider: found, clientId, redirectUri, authentication });
    return known;
  };
}

/**
 * Checks and freezes a registration of options that have checked their members, and call the authentication `clientAuthentication`.
 *
 * @throws ConfigurationError with the option to change
 */
export function registeredClient(client: Client): Client {
  checkText("clientId", client.clientId);
  checkRedirectUri(client.redirectUri);
  return atProvider(client, "clientAuthentication");
}

/** What the provider says to a registration. */
function atProvider(client: Client, option = "authentication"): Client {
  const { provider, redirectUri, authentication } = client;
  provider.checkRedirectUri?.(redirectUri);
  if (provider.pkce && authentication.method === "none") {
    throw new ConfigurationError("This provider has no PKCE: a client without a secret has no protection.", {
      code: "invalid_option",
      option,
      hint: `Give secretBasic() or secretPost() as ${option}.`,
    });
  }
  return Object.freeze(client);
}

// Each scheme has one shape: https anywhere, http on loopback as written (RFC 8252 section 7.3),
// a private scheme with a dot and a single slash (section 7.1).
function checkRedirectUri(redirectUri: string): void {
  const shape =
    /^((https:\/\/[^/?#@]+|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?)(?=[/?]|$)|[a-z][a-z\d+-]*\.[a-z\d.+-]*:\/(?!\/))[!"$-~]*$/i;
  if (typeof redirectUri !== "string" || !shape.test(redirectUri) || !URL.canParse(redirectUri)) {
    throw new ConfigurationError("The redirect URI cannot be used.", {
      code: "invalid_redirect_uri",
      option: "redirectUri",
      hint: "Give the registered URI as it is: https://…, http://127.0.0.1:PORT/…, or a scheme that is your domain backwards, with one slash, com.example.app:/… (RFC 8252 section 7.1). No #fragment, no user name.",
    });
  }
}

function checkText(option: string, value: string): void {
  // A file or a copied line ends with a line break, which no provider has registered.
  if (typeof value === "string" && isWellFormed(value) && value && value === value.trim()) return;
  throw invalidOption(
    option,
    `Set ${option} to the value in the provider's dashboard, without spaces; is the environment variable set?`,
  );
}

function setBasic(headers: Headers, clientId: string, secret: string): void {
  headers.set("Authorization", `Basic ${btoa(`${formEncode(clientId)}:${formEncode(secret)}`)}`);
}

function formEncode(value: string): string {
  return new URLSearchParams([["", value]]).toString().slice(1);
}

function named(
  method: string,
  apply: (body: URLSearchParams, headers: Headers, clientId: string) => void,
): ClientAuthentication {
  return Object.freeze(Object.assign(apply, { method }));
}
