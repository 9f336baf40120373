import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Expiring, ExpiryQueue } from "./expiry-queue.ts";

interface Item extends Expiring {
  readonly name: number;
}

const item = (name: number, until: number): Item => ({ name, until, place: 0 });

describe("ExpiryQueue", () => {
  it("is empty at first, and has nothing in front", () => {
    const queue = new ExpiryQueue<Item>();
    expect([queue.size, queue.first]).toEqual([0, undefined]);
  });

  it("has in front what a sorted list would have, whatever is added and taken out", () => {
    const step = fc.record({ until: fc.integer({ min: 0, max: 20 }), takes: fc.option(fc.nat(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new ExpiryQueue<Item>();
        const list: Item[] = [];
        for (const [name, { until, takes }] of steps.entries()) {
          if (takes !== undefined && list.length > 0) {
            queue.remove(list.splice(takes % list.length, 1)[0] as Item);
          } else {
            const added = item(name, until);
            queue.add(added);
            list.push(added);
          }
          expect(queue.size).toBe(list.length);
          expect(queue.first?.until).toBe(list.length === 0 ? undefined : Math.min(...list.map((each) => each.until)));
        }
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });

  it("keeps its order where what takes an empty place ends before the one above it", () => {
    const queue = new ExpiryQueue<Item>();
    const items = [1, 10, 2, 11, 12, 3, 4, 13, 14, 15, 16, 6, 7, 8, 5].map((until) => item(until, until));
    for (const each of items) queue.add(each);
    queue.remove(items[7] as Item);
    const ends: number[] = [];
    for (let next = queue.first; next !== undefined; next = queue.first) {
      ends.push(next.until);
      queue.remove(next);
    }
    expect(ends).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 15, 16]);
  });

  it("looks at few items in each step, however many there are", () => {
    const most = 20_000;
    let looks = 0;
    const counted = (name: number): Item => ({
      name,
      place: 0,
      get until() {
        looks++;
        // Spread out, and each another one.
        return (name * 7_919) % most;
      },
      set until(_) {},
    });
    const queue = new ExpiryQueue<Item>();
    const items = Array.from({ length: most }, (_, name) => counted(name));
    const perStep = (step: () => void) => {
      looks = 0;
      step();
      return looks;
    };
    const steps = [
      ...items.map((each) => perStep(() => queue.add(each))),
      ...items.slice(0, most / 2).map((each) => perStep(() => queue.remove(each))),
      ...items.slice(most / 2).map(() => perStep(() => queue.remove(queue.first as Item))),
    ];
    expect(queue.size).toBe(0);
    // Four for each level of 2^15 at most.
    expect(Math.max(...steps)).toBeLessThanOrEqual(4 * 15);
  });
});
