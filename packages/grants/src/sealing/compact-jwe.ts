import { fromBase64url, toBase64url } from "./base64url.ts";

/**
 * JWE compact serialization with A256KW and A256GCM, which is two steps of WebCrypto: wrap a content key, encrypt with it.
 * Every message has a key of its own, so that random nonces have no budget that could run out.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-5.1 RFC 7516 section 5.1}
 */
const content = { name: "AES-GCM", length: 256 } as const;
const wrap = "AES-KW";
/** Octets. */
const nonceSize = 12;
const tagSize = 16;

/** What is the same for all messages of one sender: the protected header, as the serialization has it. */
export function protectedHeader(kid: string): string {
  return toBase64url(new TextEncoder().encode(JSON.stringify({ alg: "A256KW", enc: "A256GCM", kid })));
}

/** Imports 32 bytes as the key that wraps. */
export function importWrappingKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, wrap, false, ["wrapKey", "unwrapKey"]);
}

/** Encrypts a message, and returns what follows the header: encrypted key, nonce, ciphertext, tag, each behind a dot. */
export async function encryptCompact(
  message: Uint8Array<ArrayBuffer>,
  header: string,
  wrappingKey: CryptoKey,
): Promise<string> {
  const { subtle } = crypto;
  const key = await subtle.generateKey(content, true, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(nonceSize));
  const additionalData = new TextEncoder().encode(header);
  const wrapped = await subtle.wrapKey("raw", key, wrappingKey, wrap);
  const encrypted = new Uint8Array(await subtle.encrypt({ ...content, iv, additionalData }, key, message));
  const parts = [new Uint8Array(wrapped), iv, encrypted.subarray(0, -tagSize), encrypted.subarray(-tagSize)];
  return parts.map((part) => `.${toBase64url(part)}`).join("");
}

/** Decrypts what follows a header; rejects for everything that was not encrypted with this header and this key. */
export async function decryptCompact(
  segments: string,
  header: string,
  wrappingKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto;
  const [, wrapped = "", iv = "", ciphertext = "", tag = ""] = segments.split(".");
  const [body, seal] = [fromBase64url(ciphertext), fromBase64url(tag)];
  const encrypted = new Uint8Array(body.length + seal.length);
  encrypted.set(body);
  encrypted.set(seal, body.length);
  const key = await subtle.unwrapKey("raw", fromBase64url(wrapped), wrappingKey, wrap, content, false, ["decrypt"]);
  const additionalData = new TextEncoder().encode(header);
  const message = await subtle.decrypt({ ...content, iv: fromBase64url(iv), additionalData }, key, encrypted);
  return new Uint8Array(message);
}
