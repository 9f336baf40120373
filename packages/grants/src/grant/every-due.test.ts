import { describe, expect, it } from "vitest";
import { memoryStore } from "../record/memory-store.ts";
import type { RecordIndex } from "../record/record-store.ts";
import { everyDue } from "./every-due.ts";

async function indexWith(count: number): Promise<RecordIndex> {
  const { index } = memoryStore({ now: () => 0 });
  if (index === undefined) throw new Error("no index");
  for (let number = 0; number < count; number++) await index.add(`${number}`, { owner: null, due: number }, 10_000);
  return index;
}

describe("every key that is due", () => {
  it.each([0, 1, 255, 256, 257, 3_000])("comes once, of %i, whether it leaves the index or stays", async (count) => {
    const index = await indexWith(count);
    const seen: string[] = [];
    for await (const key of everyDue(index, 5_000)) {
      if (Number(key) % 3 === 0) await index.remove(key);
      seen.push(key);
    }
    expect([seen.length, new Set(seen).size]).toEqual([count, count]);
  });

  it("is in no order, and nothing that is due later is among it", async () => {
    const index = await indexWith(200);
    const seen: number[] = [];
    for await (const key of everyDue(index, 99)) seen.push(Number(key));
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, number) => number));
  });

  it("ends where it is told to", async () => {
    const controller = new AbortController();
    let count = 0;
    for await (const _key of everyDue(await indexWith(10), 99, controller.signal))
      if (++count === 3) controller.abort();
    expect(count).toBe(3);
  });
});
