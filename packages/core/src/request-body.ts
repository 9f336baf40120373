import { withDeadline } from "./deadline.ts";

/** Tells whether a body can be sent twice. */
export function isRepeatable(body: BodyInit): boolean {
  const kinds = [URLSearchParams, FormData, ArrayBuffer, Blob];
  return typeof body === "string" || ArrayBuffer.isView(body) || kinds.some((kind) => body instanceof kind);
}

const largest = 1_048_576;

/**
 * Reads the body of a `Request`, which is a stream whatever it was made of, so that it can be sent twice: up to 1 MiB
 * becomes bytes, a larger one a stream that begins anew. Rejects with the signal's reason.
 */
export async function readAhead(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await withDeadline(() => reader.read(), { signal }).catch((reason) => {
      reader.cancel(reason).catch(() => {});
      throw reason;
    });
    if (done) return join(chunks, size);
    chunks.push(value);
    size += value.length;
    if (size > largest) return resume(chunks, reader);
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function resume(chunks: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const chunk = chunks.shift() ?? (await reader.read()).value;
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
