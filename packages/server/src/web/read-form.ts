/** For adapters: reads a form from what came of a body; `null` for more than `longest` octets. */
export async function readForm(body: AsyncIterable<Uint8Array>, longest: number): Promise<URLSearchParams | null> {
  const decoder = new TextDecoder();
  let text = "";
  let octets = 0;
  for await (const chunk of body) {
    octets += chunk.length;
    if (octets > longest) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return new URLSearchParams(text + decoder.decode());
}

/** The chunks of a stream; who stops early cancels it. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}
