import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryIndex } from "./memory-index.ts";
import type { IndexEntry } from "./record-store.ts";

const key = fc.constantFrom("a", "b", "c", "d");
const steps = fc.array(
  fc.record({
    wait: fc.nat(20),
    key,
    isRemoved: fc.boolean(),
    owner: fc.constantFrom("ada", "bob", null),
    due: fc.option(fc.integer({ min: -20, max: 60 })),
    ttl: fc.integer({ min: 1, max: 60 }),
  }),
);

describe("the index of a process", () => {
  it("finds what a plain list finds, and keeps nothing that has ended", () => {
    fc.assert(
      fc.property(steps, fc.nat(4), (list, limit) => {
        const index = new MemoryIndex();
        const plain = new Map<string, { owner: string | null; due: number | null; end: number }>();
        let now = 0;
        for (const { wait, key, isRemoved, owner, due, ttl } of list) {
          now += wait;
          index.sweep(now);
          for (const [key, { end }] of plain) if (end <= now) plain.delete(key);
          plain.delete(key);
          if (isRemoved) index.remove(key);
          else {
            const entry: IndexEntry = { owner, due };
            index.add(key, entry, ttl, now);
            plain.set(key, { owner, due: due === null ? null : now + due, end: now + ttl });
          }
          expect(index.size).toBe(plain.size);
          for (const each of ["ada", "bob"]) {
            const theirs = [...plain].filter(([, note]) => note.owner === each).map(([key]) => key);
            expect([...index.ofOwner(each)].sort()).toEqual(theirs.sort());
          }
          const dues = [...plain].flatMap(([key, { due }]) => (due !== null && due <= now + 10 ? [{ key, due }] : []));
          const found = index.dueAt(now + 10, limit);
          const dueOf = (key: string) => plain.get(key)?.due;
          expect(found.map(dueOf)).toEqual(
            dues
              .map(({ due }) => due)
              .sort((a, b) => a - b)
              .slice(0, limit),
          );
          expect(new Set(found).size).toBe(found.length);
        }
      }),
    );
  });
});
