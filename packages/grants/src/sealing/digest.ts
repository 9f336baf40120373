/** Returns the store's key of a session id: its SHA-256, so that a copy of the store opens no session. */
export async function storeKey(id: string): Promise<string> {
  return digest(id);
}

/** Returns SHA-256 as base64url without padding. */
export async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
}
