import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const issuer = "https://tenant.example";
export const clientId = "client-of-the-app";

export interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function createKey(kid: string, alg = "ES256"): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

/** Claims as a provider writes them into an ID token; `undefined` leaves one out. */
export type Payload = Record<string, unknown>;

export function sign(
  payload: Payload,
  { privateKey, kid, alg }: Key,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, kid, typ: "JWT", ...header }).sign(privateKey);
}

/** What a provider of OpenID Connect publishes, on a clock of the test's; nothing is sent anywhere. */
export interface Issuer {
  /** Changes what is published from now on. */
  readonly published: { keys: readonly JWK[]; metadata: Record<string, unknown>; isAway: boolean };
  /** Milliseconds since 1970. */
  now: number;
  readonly asked: readonly string[];
  readonly fetch: typeof fetch;
  /** The claims of a right ID token, now. */
  claims(more?: Payload): Payload;
}

export function createIssuer(keys: readonly Key[], metadata: Record<string, unknown> = {}): Issuer {
  const asked: string[] = [];
  const published = {
    isAway: false,
    keys: keys.map(({ jwk }) => jwk),
    metadata: {
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{ jwks_uri: `${issuer}/keys`, code_challenge_methods_supported: ["S256"] },
      id_token_signing_alg_values_supported: ["RS256", "ES256", "none", "HS256"],
      ...metadata,
    } as Record<string, unknown>,
  };
  const self: Issuer = {
    ...{ asked, published, now: 1_795_000_000_000 },
    async fetch(input) {
      const url = String(input);
      asked.push(url);
      if (published.isAway) return new Response(null, { status: 503 });
      if (url.endsWith("/.well-known/openid-configuration")) return Response.json(published.metadata);
      if (url === published.metadata.jwks_uri) return Response.json({ keys: published.keys });
      return new Response(null, { status: 404 });
    },
    claims(more = {}) {
      const iat = Math.floor(self.now / 1000);
      const claims = { iss: issuer, sub: "person-1", aud: clientId, iat, exp: iat + 3600, ...more };
      return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
    },
  };
  return self;
}
