import { type ClientAuthentication, ConfigurationError } from "@pixy/core";
import { type CryptoKey, importPKCS8, SignJWT } from "jose";

/** What the developer account has of a key for Sign in with Apple. */
export interface AppleKey {
  /** The 10 characters of the team. */
  readonly teamId: string;
  /** The 10 characters of the key. */
  readonly keyId: string;
  /** The text of the `.p8` file, or the same as a key of WebCrypto. */
  readonly privateKey: string | CryptoKey;
}

/** Seconds for which a secret is good; Apple takes up to 15,777,000. */
const lifetime = 600;

/**
 * Authenticates by a client secret that the team's key signs, another one for each request: there is none to renew.
 *
 * @see {@link https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret Creating a client secret}
 * @throws ConfigurationError that names the option; the first request rejects for a key that is unusable
 */
export function clientSecret({ teamId, keyId, privateKey }: AppleKey, now: () => number): ClientAuthentication {
  checkId("teamId", teamId, "It stands in the developer account, under Membership details.");
  checkId("keyId", keyId, "It stands beside the key, and in the name of its file: AuthKey_KEYID.p8.");
  checkKey(privateKey);
  let imported: CryptoKey | undefined;
  async function keyOf(): Promise<CryptoKey> {
    if (typeof privateKey !== "string") return privateKey;
    // Where an environment variable has one line, its line breaks are written out. The value is kept and no promise of it: on
    // workerd that belongs to the request that made it.
    imported ??= await importPKCS8(privateKey.replaceAll("\\n", "\n"), "ES256").catch(() => {
      throw refuse("privateKey", "It is no key for ES256: give the whole text of the .p8 file, as it was downloaded.");
    });
    return imported;
  }
  const authenticate: ClientAuthentication = async (body, _headers, clientId, { issuer }) => {
    const at = Math.floor(now() / 1000);
    const secret = new SignJWT()
      .setProtectedHeader({ alg: "ES256", kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setIssuedAt(at)
      .setExpirationTime(at + lifetime);
    body.set("client_id", clientId);
    body.set("client_secret", await secret.sign(await keyOf()));
  };
  // Without a `method`: one that names a plain secret is called by whoever compares secrets, before there is a request.
  return Object.freeze(authenticate);
}

function checkId(option: string, value: unknown, where: string): void {
  if (typeof value === "string" && /^[A-Z0-9]{10}$/.test(value)) return;
  throw refuse(option, `Give its 10 capital letters and digits. ${where}`);
}

function checkKey(key: unknown): void {
  if (typeof key === "string" && key.includes("-----BEGIN PRIVATE KEY-----")) return;
  const { type, algorithm } = (key ?? {}) as Partial<CryptoKey>;
  const { namedCurve } = (algorithm ?? {}) as { readonly namedCurve?: unknown };
  if (type === "private" && namedCurve === "P-256") return;
  throw refuse("privateKey", "Give the text of the .p8 file, from -----BEGIN PRIVATE KEY----- on.");
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used.`, { code: "invalid_option", option, hint });
}
