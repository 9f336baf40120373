import { type ClientAuthentication, ConfigurationError } from "@pixy/core";
import { type CryptoKey, importJWK, importPKCS8, type JWK, type JWTHeaderParameters, SignJWT } from "jose";

/** The app's private key: as JWK with its `alg`, or as PEM (PKCS #8) with the algorithm beside it. */
export type PrivateKey = JWK | { readonly pem: string; readonly alg: string; readonly kid?: string | undefined };

export interface ClientAssertionOptions {
  /**
   * Whom the assertion is for. `issuer`, the default, is what RFC 7523's revision wants; Entra and Okta want `endpoint`, the URL
   * that it is sent to.
   */
  readonly audience?: "issuer" | "endpoint" | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

const privateKeyHint =
  'Give a private key: a JWK with `alg` and `d`, or { pem, alg: "RS256" } of openssl pkcs8 -topk8 -nocrypt.';

/** Seconds for which an assertion is good. */
const lifetime = 60;

/**
 * Authenticates a confidential client by a JWT that its private key has signed, another one for each request. The key's `kid`,
 * `x5t` and `x5t#S256` are in its header.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication OpenID Connect Core section 9}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523#section-2.2 RFC 7523 section 2.2}
 * @throws ConfigurationError for what is no private key with an algorithm; the first request rejects for one that is unusable
 * @example
 * const clientAuthentication = privateKeyJwt(JSON.parse(process.env.CLIENT_KEY ?? "null"));
 */
export function privateKeyJwt(key: PrivateKey, options: ClientAssertionOptions = {}): ClientAuthentication {
  const { alg, kid, ...more } = (key ?? {}) as JWK & { pem?: unknown };
  const isPrivate = typeof more.pem === "string" ? more.pem.includes("PRIVATE KEY") : typeof more.d === "string";
  if (!isPrivate || typeof alg !== "string" || !/^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/.test(alg)) {
    throw refuse("key", privateKeyHint);
  }
  const header: JWTHeaderParameters = { alg };
  for (const [name, value] of Object.entries({ kid, x5t: more.x5t, "x5t#S256": more["x5t#S256"] })) {
    if (value !== undefined) header[name] = value;
  }
  let imported: CryptoKey | Uint8Array | undefined;
  const reading = async () => (typeof more.pem === "string" ? importPKCS8(more.pem, alg) : importJWK(key as JWK, alg));
  async function read(): Promise<CryptoKey | Uint8Array> {
    // The value is kept and no promise of it: on workerd that belongs to the request that made it. What is thrown may hold a
    // part of the key, so that it is no cause.
    imported ??= await reading().catch(() => {
      throw refuse("key", privateKeyHint);
    });
    return imported;
  }
  return assertion("private_key_jwt", header, read, options);
}

/**
 * Authenticates by a JWT that is signed with the client's secret. It is what it says: who reads the secret at the provider or
 * here can be the client, as with the secret itself. For servers that take nothing else.
 *
 * @throws ConfigurationError for a secret of less than 32 octets
 */
export function insecureClientSecretJwt(secret: string, options: ClientAssertionOptions = {}): ClientAuthentication {
  const key = new TextEncoder().encode(typeof secret === "string" ? secret : "");
  if (key.length < 32) throw refuse("secret", "HS256 needs 32 octets or more (RFC 7518 section 3.2).");
  return assertion("client_secret_jwt", { alg: "HS256" }, async () => key, options);
}

function assertion(
  method: string,
  header: JWTHeaderParameters,
  read: () => Promise<CryptoKey | Uint8Array>,
  { audience = "issuer", now = Date.now }: ClientAssertionOptions,
): ClientAuthentication {
  if (audience !== "issuer" && audience !== "endpoint") throw refuse("audience", 'Give "issuer" or "endpoint".');
  const authenticate: ClientAuthentication = async (body, _headers, clientId, server) => {
    const at = Math.floor(now() / 1000);
    const jwt = new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader(header)
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(server[audience])
      .setIssuedAt(at)
      .setExpirationTime(at + lifetime);
    body.set("client_id", clientId);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    body.set("client_assertion", await jwt.sign(await read()));
  };
  return Object.freeze(Object.assign(authenticate, { method }));
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The ${option} cannot be used.`, { code: "invalid_option", option, hint });
}
