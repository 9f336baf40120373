import { describe, expect, it } from "vitest";
import { chunksOf, readForm } from "./read-form.ts";

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe("a form", () => {
  it("is read over all its chunks, also where one ends within a letter", async () => {
    const bytes = new TextEncoder().encode("name=\u017dofie&b=2");
    async function* halves() {
      yield bytes.slice(0, 6);
      yield bytes.slice(6);
    }
    expect([...((await readForm(halves(), 99)) ?? [])]).toEqual([
      ["name", "\u017dofie"],
      ["b", "2"],
    ]);
  });

  it("may be as long as its bound, and is not read beyond it", async () => {
    expect(String(await readForm(chunks("a=", "12"), 4))).toBe("a=12");
    expect(await readForm(chunks("a=", "123"), 4)).toBeNull();
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken++;
        yield new Uint8Array(3);
      }
    }
    expect(await readForm(endless(), 4)).toBeNull();
    expect(taken).toBe(2);
  });

  it("is cancelled where it comes from once it is too long", async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(8)),
      cancel: () => {
        isCancelled = true;
      },
    });
    expect(await readForm(chunksOf(body), 4)).toBeNull();
    expect(isCancelled).toBe(true);
  });
});
