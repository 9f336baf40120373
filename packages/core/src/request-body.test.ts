import { describe, expect, it } from "vitest";
import { isRepeatable, readAhead } from "./request-body.ts";

/** A stream of chunks of zeros, and what became of it. */
function streamOf(...sizes: readonly number[]) {
  const state = { isCancelled: false, left: [...sizes] };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = state.left.shift();
      if (size === undefined) controller.close();
      else controller.enqueue(new Uint8Array(size));
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { stream, state };
}

const mebibyte = 1_048_576;

describe("the body of a request", () => {
  it.each([
    ["text", "a", true],
    ["bytes", new Uint8Array(1), true],
    ["a buffer", new ArrayBuffer(1), true],
    ["a form", new URLSearchParams("a=1"), true],
    ["a form with files", new FormData(), true],
    ["a blob", new Blob(["a"]), true],
    ["a stream", new Blob(["a"]).stream(), false],
  ])("can be sent twice, or not: %s", (_what, body, expected) => {
    expect(isRepeatable(body as BodyInit)).toBe(expected);
  });

  it("is read ahead: as bytes, in order", async () => {
    const request = new Request("https://api.example", { method: "POST", body: "grün" });
    const bytes = await readAhead(request.body as ReadableStream<Uint8Array>, undefined);
    expect(new TextDecoder().decode(bytes as Uint8Array)).toBe("grün");
    expect(await readAhead(streamOf().stream, undefined)).toEqual(new Uint8Array(0));
    expect(await readAhead(streamOf(1, 2).stream, undefined)).toEqual(new Uint8Array(3));
  });

  it("stays a stream that loses nothing, where it is larger than 1 MiB", async () => {
    expect(await readAhead(streamOf(mebibyte).stream, undefined)).toBeInstanceOf(Uint8Array);
    const large = streamOf(mebibyte, 1, 5);
    const body = await readAhead(large.stream, undefined);
    expect(body).toBeInstanceOf(ReadableStream);
    expect((await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()).byteLength).toBe(
      mebibyte + 6,
    );
  });

  it("is given back where nobody wants the rest", async () => {
    const large = streamOf(mebibyte, 1, 5);
    const body = await readAhead(large.stream, undefined);
    await (body as ReadableStream).cancel();
    expect(large.state.isCancelled).toBe(true);
  });

  it("is not waited for any longer than the caller does", async () => {
    const controller = new AbortController();
    let told: unknown;
    const endless = new ReadableStream({
      cancel(reason) {
        told = reason;
      },
    });
    const reading = readAhead(endless, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(told).toBe(reason);
  });
});
