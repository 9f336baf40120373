import { webCrypto } from "./encoding.ts";

type NodeCrypto = { createHash(name: "sha256"): { update(text: string): { digest(form: "base64url"): string } } };
type Host = { readonly process?: { getBuiltinModule?(name: "node:crypto"): NodeCrypto | undefined } };

/** Returns the SHA-256 of a text as base64url without padding, 43 characters. */
export async function sha256(text: string): Promise<string> {
  return byNode(text) ?? byWebCrypto(text);
}

/**
 * Node, Bun and Deno hash a short text within a microsecond; WebCrypto takes twenty times as long to ask a thread.
 * Asked for at run time and not imported, so that bundles for browsers and workers hold nothing of Node.
 */
export function byNode(text: string): string | null {
  try {
    const crypto = (globalThis as Host).process?.getBuiltinModule?.("node:crypto");
    return crypto ? crypto.createHash("sha256").update(text).digest("base64url") : null;
  } catch {
    // The functions of the process that Next gives its edge runtime throw.
    return null;
  }
}

export async function byWebCrypto(text: string): Promise<string> {
  const digest = await webCrypto().subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
}
