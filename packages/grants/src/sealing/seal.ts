import { CompactEncrypt, compactDecrypt } from "jose";
import type { SecretKey, Secrets } from "./secrets.ts";
import { SessionTooLargeError } from "./too-large.ts";

/** What opening found: the payload, or why there is none. */
export type Opened<Payload> =
  | {
      readonly ok: true;
      readonly payload: Payload;
      /** What it was sealed for. */
      readonly context: readonly string[];
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
      /** Sealed with a previous secret: seal again. */
      readonly stale: boolean;
    }
  | {
      readonly ok: false;
      /** `foreign`: no key of ours sealed it; `misplaced`: ours, but sealed for another context or subject. */
      readonly reason: "foreign" | "malformed" | "tampered" | "expired" | "misplaced";
    };

/** Seals payloads into strings that only the same secrets, purpose and context open. */
export interface Sealer<Payload> {
  /**
   * Seals a payload until `expiresAt`, in milliseconds since the epoch, for the sealer's context or another one.
   *
   * @throws SessionTooLargeError when the sealed string would be longer than 16 KiB
   */
  seal(
    payload: Payload,
    options: { readonly expiresAt: number; readonly subject?: string; readonly context?: readonly string[] },
  ): Promise<string>;
  /** Opens a sealed string for the sealer's context, or for those that `accepts` names; never throws for what a client sent. */
  open(
    sealed: string,
    options?: { readonly subject?: string; readonly accepts?: (context: readonly string[]) => boolean },
  ): Promise<Opened<Payload>>;
}

const algorithm = "A256KW";
const encryption = "A256GCM";
const maxLength = 16 * 1024;
const encoder: TextEncoder = new TextEncoder();
const decoder: TextDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Wrapped key of 40 bytes, nonce of 12, ciphertext, tag of 16. Trailing bits must be zero: one value, one spelling.
const sealedBody =
  /^\.[\w-]{53}[AQgw]\.[\w-]{16}\.(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?\.[\w-]{21}[AQgw]$/;

/**
 * Creates a sealer on JWE compact serialization with A256KW and A256GCM: every seal has a key of its own, so
 * random nonces have no budget that could run out.
 *
 * The issued string has the key id in place of the protected header. The header is rebuilt at opening, so another
 * algorithm cannot be asked for.
 *
 * @param options `context` is what must be equal at opening, unless `seal` and `open` say otherwise: issuer, client id, cookie name
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-3.1 RFC 7516 section 3.1}
 *
 * @example
 * const sealer = createSealer<{ name: string }>({ secrets: readSecrets(secret), purpose: "record", context: [issuer], now: Date.now });
 * const sealed = await sealer.seal({ name: "Ada" }, { expiresAt: Date.now() + 60_000 });
 * const opened = await sealer.open(sealed);
 * if (opened.ok) greet(opened.payload.name);
 */
export function createSealer<Payload extends object>(options: {
  readonly secrets: Secrets;
  readonly purpose: "session" | "login" | "pass" | "record" | "grant";
  readonly context?: readonly string[];
  readonly now: () => number;
}): Sealer<Payload> {
  const { secrets, purpose, now, context: usual = [] } = options;
  const own = JSON.stringify(usual);
  const isOwn = (context: readonly string[]): boolean => JSON.stringify(context) === own;
  const wrappingKeys = new Map<SecretKey, CryptoKey>();

  async function wrappingKey(key: SecretKey): Promise<CryptoKey> {
    let wrapping = wrappingKeys.get(key);
    if (wrapping === undefined) {
      const bytes = await key.derive(purpose);
      wrapping = await crypto.subtle.importKey("raw", bytes, "AES-KW", false, ["wrapKey", "unwrapKey"]);
      wrappingKeys.set(key, wrapping);
    }
    return wrapping;
  }

  return {
    async seal(payload, { expiresAt, subject, context = usual }) {
      if (!isTime(expiresAt)) throw new RangeError("expiresAt must be a time in whole milliseconds");
      const [key] = await secrets.keys();
      const plaintext = JSON.stringify([payload, expiresAt, context, subject ?? ""]);
      const jwe = await new CompactEncrypt(encoder.encode(plaintext))
        .setProtectedHeader(protectedHeader(key.kid))
        .encrypt(await wrappingKey(key));
      const sealed = key.kid + jwe.slice(jwe.indexOf("."));
      if (sealed.length > maxLength) {
        throw new SessionTooLargeError(
          `The sealed ${purpose} has ${sealed.length} characters; ${maxLength} are the limit.`,
          purpose === "grant"
            ? "The provider's tokens are too long to be kept: ask for fewer scopes, or for less in each token."
            : "Return less from `onLogin`: keep large data in a database of your own, by the session's id.",
        );
      }
      return sealed;
    },

    async open(sealed, { subject, accepts = isOwn } = {}) {
      const keys = await secrets.keys();
      const kid = String(sealed).slice(0, 8);
      const key = keys.find((candidate) => candidate.kid === kid);
      // A lookup, never a trial of each key: GCM does not commit to its key.
      if (key === undefined) return failure("foreign");
      if (sealed.length > maxLength || !sealedBody.test(sealed.slice(8))) return failure("malformed");
      const header = btoa(JSON.stringify(protectedHeader(kid))).replaceAll("=", "");
      const plaintext = await decrypt(header + sealed.slice(8), await wrappingKey(key));
      if (plaintext === null) return failure("tampered");
      const claims = readClaims<Payload>(plaintext);
      if (claims === null) return failure("malformed");
      const { context, payload } = claims;
      if (!isTextList(context) || !accepts(context) || claims.subject !== (subject ?? "")) return failure("misplaced");
      if (claims.expiresAt <= now()) return failure("expired");
      return { ok: true, payload, context, expiresAt: claims.expiresAt, stale: key !== keys[0] };
    },
  };
}

function protectedHeader(kid: string): { alg: string; enc: string; kid: string } {
  return { alg: algorithm, enc: encryption, kid };
}

async function decrypt(jwe: string, key: CryptoKey): Promise<Uint8Array | null> {
  try {
    const pinned = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [encryption] };
    return (await compactDecrypt(jwe, key, pinned)).plaintext;
  } catch {
    return null;
  }
}

interface Claims<Payload> {
  readonly payload: Payload;
  readonly expiresAt: number;
  readonly context: unknown;
  readonly subject: unknown;
}

function readClaims<Payload>(plaintext: Uint8Array): Claims<Payload> | null {
  try {
    const claims: unknown = JSON.parse(decoder.decode(plaintext));
    if (!Array.isArray(claims) || claims.length !== 4) return null;
    const [payload, expiresAt, context, subject] = claims as unknown[];
    if (typeof payload !== "object" || payload === null || Array.isArray(payload) || !isTime(expiresAt)) return null;
    return { payload: payload as Payload, expiresAt, context, subject };
  } catch {
    return null;
  }
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((part) => typeof part === "string");
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function failure(reason: Extract<Opened<never>, { ok: false }>["reason"]): Opened<never> {
  return { ok: false, reason };
}
