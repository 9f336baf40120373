/**
 * Writes bytes as base64url without padding.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4648#section-5 RFC 4648 section 5}
 */
export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  // One by one: as arguments of one call, a long row of bytes does not fit onto the stack.
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads base64url, or base64, with padding or without. Throws `DOMException` for what is neither. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const read = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(read.length);
  // By index: the iterator of a string takes ten times as long.
  for (let index = 0; index < bytes.length; index++) bytes[index] = read.charCodeAt(index);
  return bytes;
}
