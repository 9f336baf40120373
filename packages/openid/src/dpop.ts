import type { ProveRequest, ProviderSteps } from "@pixy/core";
import { calculateThumbprint, generateKeyPair, generateProof, type KeyPair } from "dpop";

/** The newest nonce of each origin. */
export type Nonces = Map<string, string>;

/** Where a login keeps its key, sealed, from its beginning to the end of its tokens. */
const place = "dpop";

/**
 * Binds the tokens of each login to a key of its own, which proves each token request and each API request, and lives as long as
 * the tokens do. The proofs are made by `dpop`; a server's nonce is used from then on, and a request that lacked it is sent again
 * once.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449 RFC 9449}
 */
export function withProofs(steps: ProviderSteps, nonces: Nonces): ProviderSteps {
  const used = new WeakMap<object, string | undefined>();

  const proveRequest: ProveRequest = async (request, { accessToken, answer, extra }) => {
    const key = extra?.[place];
    if (key === undefined) return null;
    const { origin } = new URL(request.url);
    if (answer !== null) {
      const nonce = answer.headers.get("dpop-nonce");
      // Two headers come as one with a comma in it, and say nothing.
      if (nonce === null || !/^[^\s,]+$/.test(nonce)) return null;
      nonces.set(origin, nonce);
      if (used.get(request) === nonce) return null;
    }
    const nonce = nonces.get(origin);
    used.set(request, nonce);
    const pair = await read(key);
    const url = request.url.replace(/[?#].*$/, "");
    const proof = await generateProof(pair, url, request.method, nonce, accessToken ?? undefined);
    return { dpop: proof, ...(accessToken === null ? {} : { authorization: `DPoP ${accessToken}` }) };
  };

  return {
    ...steps,
    async authorizationParameters(attempt) {
      const added = (await steps.authorizationParameters?.(attempt)) ?? {};
      const pair = await generateKeyPair("ES256", { extractable: true });
      // Section 10: the code is bound to the key, too.
      const dpop_jkt = await calculateThumbprint(pair.publicKey);
      const extra = { ...added.extra, [place]: await write(pair) };
      return { parameters: { ...added.parameters, dpop_jkt }, extra };
    },
    async checkTokens(answer, asked) {
      const checked = await steps.checkTokens?.(answer, asked);
      const key = (asked.request === "refresh" ? asked.tokens.extra : asked.extra)?.[place];
      return checked?.extra && key !== undefined ? { ...checked, extra: { ...checked.extra, [place]: key } } : checked;
    },
    proveRequest,
  };
}

const algorithm = { name: "ECDSA", namedCurve: "P-256" } as const;

async function write({ privateKey }: KeyPair): Promise<string> {
  const { d, x, y } = await crypto.subtle.exportKey("jwk", privateKey as CryptoKey);
  return [d, x, y].join(".");
}

async function read(text: string): Promise<KeyPair> {
  const [d = "", x = "", y = ""] = text.split(".");
  const jwk = { kty: "EC", crv: "P-256", x, y };
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("jwk", { ...jwk, d }, algorithm, false, ["sign"]),
    crypto.subtle.importKey("jwk", jwk, algorithm, true, ["verify"]),
  ]);
  return { privateKey, publicKey };
}
