/**
 * Reads a body as UTF-8 text of at most `limit` decoded bytes; null for a larger one. Without a decoder of the caller's, what
 * is no UTF-8 becomes U+FFFD: a name in another encoding must not hide what stands beside it. A byte order mark is kept then.
 */
export async function readText(
  response: Response,
  limit: number,
  decoder: TextDecoder = new TextDecoder("utf-8", { ignoreBOM: true }),
): Promise<string | null> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    size += value?.length ?? 0;
    if (size > limit) {
      reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
  }
}

/** Parses JSON; undefined for what is none. The parser's own error is dropped: it quotes the text. */
export function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** Returns a JSON value that is an object with members; null for anything else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** Returns the media type without parameters, in lower case; empty when absent. */
export function mediaType(response: Response): string {
  // A header that came twice is joined by a comma.
  const type = (response.headers.get("Content-Type") ?? "").replace(/[;,].*/, "");
  return type.trim().toLowerCase();
}

/** Gives the connection back without reading on. */
export function discardBody(response: Response): void {
  response.body?.cancel().catch(() => {});
}
