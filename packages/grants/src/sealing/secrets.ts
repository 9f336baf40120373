import { type Client, type ClientAuthentication, ConfigurationError, secretBasic, secretPost } from "@pixy/core";
import { isGuessable } from "./guessable.ts";

/** One secret, or the current one followed by previous ones that still open what they sealed. */
export type SecretInput = string | readonly string[];

/** A secret's keys: one for each purpose, so that what one purpose sealed never opens as another. */
export interface SecretKey {
  /** Names the secret in what it sealed, without telling anything about it: 8 base64url characters. */
  readonly kid: string;
  /** Derives the 32-byte key of a purpose by HKDF-SHA-256 (RFC 5869), once. */
  derive(purpose: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** The validated secrets; keys are derived at the first use. */
export interface Secrets {
  /** The current key first. */
  keys(): Promise<readonly [SecretKey, ...SecretKey[]]>;
}

const makeOne = `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
const minBytes = 32;
const encoder: TextEncoder = new TextEncoder();

/**
 * Validates the secret and returns its keys, which seal and open.
 *
 * @param secret 32 or more random bytes as base64url, base64 or hex; or a list, the current one first
 * @param client the registration, which must not have the same secret
 * @throws ConfigurationError `invalid_secret`, without the secret, when it is missing, short, repeated, guessable or
 *   known to the provider
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869}
 */
export function readSecrets(secret: SecretInput, client?: Client): Secrets {
  const inputs: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  if (inputs.length === 0) throw invalid("The list of secrets is empty.");
  const masters = inputs.map(decodeSecret);
  if (new Set(masters.map(String)).size < masters.length) throw invalid("The same secret stands in the list twice.");
  if (client !== undefined && inputs.some((text) => isKnownToProvider(String(text), client)))
    throw invalid("The secret is the client's id or secret, which the provider knows.");

  // Values are kept, not promises: on workerd a promise belongs to the request that made it. Two first requests at
  // once derive twice, and that is all.
  let keys: readonly [SecretKey, ...SecretKey[]] | undefined;
  return {
    async keys() {
      keys ??= (await Promise.all(masters.map(createKey))) as [SecretKey, ...SecretKey[]];
      return keys;
    },
  };
}

async function createKey(master: Uint8Array<ArrayBuffer>): Promise<SecretKey> {
  const material = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveBits"]);
  const expand = async (info: string, bytes: number): Promise<Uint8Array<ArrayBuffer>> => {
    const parameters = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(info) };
    return new Uint8Array(await crypto.subtle.deriveBits(parameters, material, bytes * 8));
  };
  const derived = new Map<string, Uint8Array<ArrayBuffer>>();
  const kid = await expand("kid", 6);
  return {
    kid: btoa(String.fromCharCode(...kid))
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
    async derive(purpose) {
      let key = derived.get(purpose);
      if (key === undefined) {
        key = await expand(`pixy/1\u001f${purpose}`, 32);
        derived.set(purpose, key);
      }
      return key;
    },
  };
}

function decodeSecret(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string" || text === "") throw invalid("The secret is missing.");
  const bytes = /^([0-9a-f]{2})+$/i.test(text) ? fromHex(text) : fromBase64(text);
  if (bytes === null) throw invalid("The secret is neither base64url, base64 nor hex.");
  if (bytes.length < minBytes) throw invalid(`The secret has ${bytes.length} bytes; ${minBytes} are needed.`);
  if (isGuessable(text, bytes)) throw invalid("The secret is not random: it looks like text, a pattern or a sample.");
  return bytes;
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[\w-]+|[A-Za-z0-9+/]+)={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return null;
  }
}

function isKnownToProvider(text: string, { clientId, authentication }: Client): boolean {
  const sent = (authenticate: ClientAuthentication): string => {
    const [body, headers] = [new URLSearchParams(), new Headers()];
    authenticate(body, headers, clientId, { issuer: "", endpoint: "" });
    return `${body} ${headers.get("authorization")}`;
  };
  // Only these two are known to do nothing else than to add the secret.
  const own = [secretBasic(text), secretPost(text)].find(({ method }) => method === authentication.method);
  return text === clientId || (own !== undefined && sent(own) === sent(authentication));
}

function invalid(message: string): ConfigurationError {
  const hint = `Set \`secret\` to ${minBytes} or more random bytes. This command makes one: ${makeOne}`;
  return new ConfigurationError(message, { code: "invalid_secret", option: "secret", hint });
}
