import { webCrypto } from "./encoding.ts";

type NodeCrypto = { hash(name: "sha256", text: string, form: "base64url"): string };
type Node = { readonly process: { getBuiltinModule(name: "node:crypto"): NodeCrypto } };

/** Returns the SHA-256 of a text as base64url without padding, 43 characters. */
export function sha256(text: string): string | Promise<string> {
  return byNode(text) ?? byWebCrypto(text);
}

/**
 * Node, Bun and Deno hash a short text within a microsecond; WebCrypto takes twenty times as long to ask a thread.
 * Asked for at run time and not imported, so that bundles for browsers and workers hold nothing of Node.
 */
export function byNode(text: string): string | null {
  try {
    return (globalThis as unknown as Node).process.getBuiltinModule("node:crypto").hash("sha256", text, "base64url");
  } catch {
    // Elsewhere one of them is missing, and those of the process that Next gives its edge runtime throw.
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
